"""The servers that measurements need, each a process of its own on this machine."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from app.zendesk.sandbox import Settings
from deploy import valkey

_SANDBOX = "from app.zendesk.sandbox.cli import sandbox_cli; sandbox_cli()"


@contextmanager
def broker() -> Iterator[str]:
    """An empty Redis; its URL."""
    with tempfile.TemporaryDirectory() as folder:
        process, url = valkey.start(Path(folder))
        try:
            yield url
        finally:
            process.stop()


@dataclass(frozen=True)
class Sandbox:
    """A fake Zendesk that runs, and how long it took to be ready (seconds)."""

    url: str
    process: subprocess.Popen[str]
    ready: float

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def summary(self) -> dict[str, Any]:
        """What it has counted so far."""
        return self.ask("GET", "/summary")

    def settings(self) -> Settings:
        return Settings(**self.ask("GET", "/settings")["settings"])

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Of the sandbox itself, and not of Zendesk's API."""
        with requests.Session() as session:
            session.trust_env = False  # no proxy of the machine is to be asked for this
            answer = session.request(method, f"{self.url}/_sandbox{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def sandbox(speed: float = 1.0, tickets: int = 1000, **settings: Any) -> Iterator[Sandbox]:
    """Start a fake Zendesk with these settings."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "settings.json")
        path.write_text(json.dumps(settings))
        asked = ("--port", "0", "--speed", str(speed), "--tickets", str(tickets))
        begun = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-c", _SANDBOX, "run", *asked, "--faults", str(path)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        try:
            announced = process.stdout.readline()
            url = re.search(r"http://\S+", announced)[0]
            yield Sandbox(url, process, time.monotonic() - begun)
        finally:
            process.terminate()
            process.wait(timeout=30)
