"""Serves the sandbox on this machine: one worker process with many threads."""

import socket
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from .sandbox import Sandbox

_OPTIONS = {
    "worker_class": "gthread",
    "workers": 1,
    "threads": 32,
    "keepalive": 75,
    "worker_connections": 2000,
    "timeout": 0,  # making a million tickets takes longer than a worker may usually be silent
    "graceful_timeout": 1,
    "loglevel": "warning",
    "control_socket_disable": True,
}


class Server(BaseApplication):
    """gunicorn with our options. The sandbox is made in the worker, after the fork."""

    def __init__(self, listener: socket.socket, make: Callable[[], Sandbox]) -> None:
        self._listener, self._make = listener, make
        self._sandbox: Sandbox | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in _OPTIONS.items():
            self.cfg.set(name, value)
        self.cfg.set("bind", f"fd://{self._listener.fileno()}")
        self.cfg.set("worker_exit", self._close)

    def load(self) -> Any:
        self._sandbox = self._make()
        return self._sandbox

    def _close(self, _arbiter: Any, _worker: Any) -> None:
        if self._sandbox is not None:
            self._sandbox.close()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that the server will inherit. OSError if the port is taken."""
    listener = socket.create_server((host, port), backlog=512)
    listener.set_inheritable(True)
    return listener
