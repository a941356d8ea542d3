"""The sandbox behind its own HTTP server."""

import os
import re
import signal
import subprocess
import sys
from http.client import HTTPConnection

import pytest

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
