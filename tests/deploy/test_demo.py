"""The demo: what it refuses, what it keeps, what it throws away, and one whole run."""

import base64
import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing

import pytest

from deploy import demo, lineup
from deploy.credentials import Credentials
from deploy.ports import any_free
from deploy.settings import Settings
from tests.deploy.processes import descendants, eventually, is_alive

PORTS = ("GIGA_WEB_PORT", "GIGA_FLOWER_PORT", "GIGA_SANDBOX_PORT")


@pytest.fixture(autouse=True)
def free_ports(monkeypatch):
    """A demo that may be running on this machine is not in the way, and no broker is set."""
    for variable in PORTS:
        monkeypatch.setenv(variable, str(any_free()))
    for variable in ("REDIS_URL", "DATABASE_URL"):
        monkeypatch.delenv(variable, raising=False)


def run_demo(instance, *options):
    return demo.main(["--instance", str(instance), *options])


@pytest.mark.parametrize(
    ("variable", "who"),
    list(zip(PORTS, ("the web app", "Flower", "the fake Zendesk"), strict=True)),
)
def test_says_which_port_is_taken_and_how_to_choose_another(
    variable, who, monkeypatch, tmp_path, capsys
):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv(variable, str(port))

        code = run_demo(tmp_path)

    said = capsys.readouterr().err
    assert code == 1
    assert said.startswith(f"Port {port}, which {who} wants, is taken.")
    assert f"{variable}=" in said
    assert said.count("\n") == 1


def test_refuses_one_port_for_two_servers(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("GIGA_FLOWER_PORT", os.environ["GIGA_WEB_PORT"])

    code = run_demo(tmp_path)

    assert code == 1
    assert "which Flower wants, is taken" in capsys.readouterr().err


def test_refuses_a_number_that_is_none(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("GIGA_DEMO_TICKETS", "many")

    code = run_demo(tmp_path)

    assert code == 1
    assert capsys.readouterr().err == (
        "GIGA_DEMO_TICKETS is 'many', but it must be a number above 0.\n"
    )


def test_refuses_a_broker_that_does_not_answer(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{any_free()}/0")

    code = run_demo(tmp_path)

    assert code == 1
    assert "REDIS_URL is set, but no server answers there" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--reset"]])
def test_says_that_a_demo_is_running_already(options, tmp_path, capsys):
    settings = Settings(tmp_path)
    settings.folder.mkdir()

    with demo.only_one(settings):
        code = run_demo(tmp_path, *options)

    said = capsys.readouterr().err
    assert code == 1
    assert said.startswith(f"A demo is running in {tmp_path} already (process {os.getpid()})")
    assert said.count("\n") == 1


def test_reset_removes_what_the_demo_made(tmp_path):
    settings = Settings(tmp_path)
    settings.folder.mkdir()
    demo.open_credentials(settings)
    for name in ("app.db", "app.db-wal", "somebody-elses.txt"):
        (tmp_path / name).touch()

    run_demo(tmp_path, "--reset")

    assert [path.name for path in tmp_path.iterdir()] == ["somebody-elses.txt"]


def test_reset_keeps_a_database_that_was_there_before_the_demo(tmp_path):
    settings = Settings(tmp_path)
    settings.folder.mkdir()
    settings.sqlite_file.touch()
    demo.open_credentials(settings)

    run_demo(tmp_path, "--reset")

    assert [path.name for path in tmp_path.iterdir()] == ["app.db"]


def test_keeps_its_secrets_to_itself_and_the_same(tmp_path):
    settings = Settings(tmp_path)
    settings.folder.mkdir()

    first, second = demo.open_credentials(settings), demo.open_credentials(settings)

    assert first == second
    assert first != Credentials()
    assert stat.S_IMODE((settings.folder / "secrets.json").stat().st_mode) == 0o600


def test_makes_the_accounts_again_when_the_database_was_removed(tmp_path):
    settings = Settings(tmp_path)
    settings.folder.mkdir()
    credentials = demo.open_credentials(settings)
    credentials.accounts_in = demo.digest(settings)
    credentials.save(settings.folder / "secrets.json")

    opened = demo.open_credentials(settings)

    assert opened.accounts_in == ""


def test_does_not_claim_to_know_the_passwords_of_older_accounts(tmp_path):
    settings = Settings(tmp_path, database_url="postgresql://elsewhere/giga")
    settings.logs.mkdir(parents=True)
    credentials = demo.open_credentials(settings)
    (settings.logs / "account-admin.log").write_text("Error: There is an account for x already.")
    (settings.logs / "account-user.log").write_text("Created.")

    demo.remember_accounts(settings, credentials)

    shown = demo.summary(settings, credentials, 4.0)
    assert credentials.admin_password not in shown
    assert credentials.agent_password in shown


def test_hides_another_installations_settings_from_the_children(tmp_path):
    given = {"ZENDESK_API_TOKEN": "real", "FLASK_DEBUG": "1", "HOME": "/home/ann"}

    env = lineup.environment(Settings(tmp_path), Credentials(), "redis://localhost", given)

    assert env["HOME"] == "/home/ann"
    assert env["ZENDESK_BASE_URL"] == "http://127.0.0.1:8900"
    assert not {"ZENDESK_API_TOKEN", "FLASK_DEBUG"} & env.keys()


def test_shows_no_secret_in_arguments(tmp_path):
    settings, credentials = Settings(tmp_path), Credentials()
    env = lineup.environment(settings, credentials, "redis://:hidden@localhost", {})

    children = lineup.children(settings, credentials, env) + demo.accounts(credentials, env)

    shown = " ".join(argument for child in children for argument in child.argv)
    secrets = [
        text
        for name, text in vars(credentials).items()
        if name.endswith(("password", "key", "keys"))
    ]
    assert len(secrets) == 5
    assert not any(secret in shown for secret in [*secrets, "hidden"])


@pytest.fixture
def running_demo(monkeypatch, tmp_path):
    """All of it, with few tickets, on a machine without a Redis: the process and what it says."""
    monkeypatch.setenv("GIGA_DEMO_TICKETS", "200")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    said = tmp_path / "said"
    with said.open("w") as output:
        program = subprocess.Popen(
            [sys.executable, "-m", "deploy.demo", "--instance", str(tmp_path / "instance")],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    assert eventually(lambda: "Ctrl-C stops" in said.read_text() or program.poll() is not None, 90)
    yield program, said.read_text()
    program.kill()
    program.wait()


@pytest.mark.xdist_group("demo")
def test_runs_everything_and_leaves_no_process(running_demo, tmp_path):
    program, said = running_demo
    assert "Giga Tools is ready" in said, said
    web, flower = (f"http://127.0.0.1:{os.environ[name]}" for name in PORTS[:2])
    credentials = json.loads((tmp_path / "instance/demo/secrets.json").read_text())

    has_begun = eventually(
        lambda: first_run(tmp_path) == ("pipeline", '{"backfill_days": 45, "batch_size": 500}')
    )
    answers = {
        "sign-in page": status(web + "/login"),
        "Flower, unknown": status(flower),
        "Flower, operator": status(flower, f"operator:{credentials['flower_password']}"),
    }
    family = descendants(program.pid)
    program.send_signal(signal.SIGINT)
    code = program.wait(timeout=60)

    assert answers == {"sign-in page": 200, "Flower, unknown": 401, "Flower, operator": 200}
    assert credentials["admin_password"] in said
    assert has_begun
    assert len(family) > 6
    assert code == 0
    assert not any(is_alive(pid) for pid in family)


@pytest.mark.long
@pytest.mark.xdist_group("demo")
def test_leaves_no_process_when_it_is_killed(running_demo):
    program, _ = running_demo
    family = descendants(program.pid)

    program.kill()
    program.wait()

    assert len(family) > 6
    assert eventually(lambda: not any(is_alive(pid) for pid in family))


def first_run(folder):
    """Of the pipeline: its kind and its options, if there is one."""
    with closing(sqlite3.connect(folder / "instance/app.db", timeout=10)) as database:
        return database.execute("SELECT kind, options FROM pipeline_runs ORDER BY id").fetchone()


@pytest.mark.parametrize("variable", ["GIGA_DEMO_ISSUES", "GIGA_DEMO_CONNECTED"])
def test_finds_no_issues_where_that_is_not_wanted_or_nothing_is_connected(variable, tmp_path):
    def begins(environ):
        return Settings.given(tmp_path, environ).finds_issues

    assert (begins({}), begins({variable: "no"})) == (True, False)


def status(url: str, sign_in: str = "") -> int:
    request = urllib.request.Request(url)
    if sign_in:
        request.add_header("Authorization", f"Basic {base64.b64encode(sign_in.encode()).decode()}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return opener.open(request, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code
