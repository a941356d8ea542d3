"""The broker that comes with the Python packages, and the choice between brokers."""

import pytest
import redis

from deploy import valkey
from deploy.supervisor import OperatorError
from tests.deploy.processes import eventually, is_alive


class Stranger:
    """A process that is not the one that answers."""

    pid = 0


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """Without a Redis on PATH or in the environment."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def server(bare_machine, tmp_path):
    process, url = valkey.start(tmp_path)
    yield process, url
    process.stop()


def test_runs_scripts_on_the_embedded_server(server):
    _, url = server

    answer = redis.Redis.from_url(url).eval(
        "return redis.call('TIME')[1] ~= nil and ARGV[1]", 0, "ours"
    )

    assert answer == b"ours"


def test_prefers_an_installed_server(monkeypatch, tmp_path):
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    found = valkey.find_server()

    assert found == program


def test_keeps_its_data_when_told_to(bare_machine, tmp_path):
    process, url = valkey.start(tmp_path, persist=True)
    redis.Redis.from_url(url).set("queued", "yes")
    process.stop()

    process, url = valkey.start(tmp_path, persist=True)
    kept = redis.Redis.from_url(url).get("queued")
    process.stop()

    assert kept == b"yes"


def test_does_not_take_another_server_for_ours(server):
    process, url = server

    assert valkey.process_id(url) == process.pid
    assert valkey.process_id(url.replace("redis://:", "redis://:not-")) is None


def test_refuses_a_port_on_which_another_server_answers(server, tmp_path):
    _, url = server
    port = redis.Redis.from_url(url).connection_pool.connection_kwargs["port"]

    with pytest.raises(OperatorError) as refused:
        valkey.start(tmp_path, port)

    assert str(refused.value).startswith("valkey ended with exit code 1 (log: ")
    assert f"Failed listening on port {port}" in str(refused.value)


def test_is_not_ready_when_another_process_answers_with_our_password(
    bare_machine, monkeypatch, tmp_path
):
    monkeypatch.setattr(valkey.secrets, "token_urlsafe", lambda size: "the-same")
    theirs, url = valkey.start(tmp_path)
    ours, _ = valkey.child(tmp_path, int(url.split(":")[-1].split("/")[0]))

    answers = [ours.is_ready(process) for process in (theirs, Stranger())]
    theirs.stop()

    assert answers == [True, False]


def test_keeps_its_password_out_of_the_arguments(bare_machine, tmp_path):
    server, url = valkey.child(tmp_path, 6379)
    password = url.split(":")[2].split("@")[0]

    arguments = " ".join(server.argv)

    assert password in server.stdin
    assert password not in arguments


def test_stops_without_leaving_a_process(bare_machine, tmp_path):
    process, _ = valkey.start(tmp_path)

    process.stop()

    assert eventually(lambda: not is_alive(process.pid))


def test_says_in_one_line_that_the_given_server_does_not_answer():
    with pytest.raises(OperatorError) as refused:
        valkey.check("redis://:hidden@127.0.0.1:1/0")

    assert str(refused.value).startswith("REDIS_URL is set, but no server answers there:")
    assert "hidden" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_says_that_the_given_address_is_none():
    with pytest.raises(OperatorError) as refused:
        valkey.check("somewhere")

    assert str(refused.value) == "REDIS_URL is not the address of a Redis server."
