"""The sandbox behind its own HTTP server."""

import json
import os
import re
import signal
import subprocess
import sys
from base64 import b64encode
from http.client import HTTPConnection, RemoteDisconnected

import pytest

CREDENTIALS = b64encode(b"admin@sandbox.test/token:sandbox-token").decode()
COMMAND = "from app.zendesk.sandbox.cli import sandbox_cli; sandbox_cli()"


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "run", "--tickets", "50", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


@pytest.fixture
def server():
    process = start("--port", "0", "--speed", "2")
    yield process
    process.kill()
    process.communicate()


def port_of(process):
    line = process.stdout.readline()
    return int(
        re.fullmatch(r"Sandbox: 50 tickets on http://127.0.0.1:(\d+) \(speed 2\)\n", line)[1]
    )


def test_it_answers_twice_on_one_connection(server):
    connection = HTTPConnection("127.0.0.1", port_of(server), timeout=10)

    for _ in range(2):
        connection.request("GET", "/_sandbox/summary")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        assert not answer.will_close


@pytest.mark.parametrize(("kind", "done"), [("cut_before", []), ("cut_after", ["struck"])])
def test_a_cut_breaks_the_connection_and_nothing_else(tmp_path, kind, done):
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps({"faults": [{"kind": kind, "route": "PUT *", "times": 1}]}))
    process = start("--port", "0", "--speed", "2", "--faults", str(faults))
    try:
        connection = HTTPConnection("127.0.0.1", port_of(process), timeout=10)
        body, sign_in = json.dumps({"tags": ["struck"]}), {"Authorization": f"Basic {CREDENTIALS}"}

        as_json = {"Content-Type": "application/json"}
        connection.request("POST", "/_sandbox/tickets", "{}", as_json)
        ticket = json.load(connection.getresponse())["ticket"]["id"]
        headers = sign_in | as_json
        connection.request("PUT", f"/api/v2/tickets/{ticket}/tags", body, headers)
        with pytest.raises(RemoteDisconnected):
            connection.getresponse()

        connection.close()
        connection.request("GET", f"/api/v2/tickets/{ticket}", headers=sign_in)
        assert json.load(connection.getresponse())["ticket"]["tags"] == done
    finally:
        process.kill()
        _, errors = process.communicate()
    assert errors == ""


def test_it_leaves_when_asked_to(server):
    port_of(server)

    server.send_signal(signal.SIGTERM)

    assert server.wait(timeout=10) == 0


def test_a_taken_port_is_one_clear_line(server):
    second = start("--port", str(port_of(server)))

    _, errors = second.communicate(timeout=30)

    assert second.returncode == 1
    assert errors.count("\n") == 1
    assert "Cannot listen on 127.0.0.1" in errors
