"""`python -m deploy.demo`: all of Giga Tools on one machine, with a fake Zendesk behind it."""

import argparse
import fcntl
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy import lineup, valkey
from deploy.credentials import ADMIN, AGENT, Credentials
from deploy.ports import any_free
from deploy.settings import Settings
from deploy.supervisor import Child, OperatorError, StopAsked, Supervisor

CHECKOUT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    try:
        settings = Settings.given(chosen.instance.resolve(), os.environ)
        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with only_one(settings):
            reset(settings) if chosen.reset else run(settings)
    except OperatorError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Raises OperatorError while another demo has the lock, which ends with its process."""
    with (settings.folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise OperatorError(
                f"A demo is running in {settings.instance} already (process {lock.read()}):"
                " stop it first, with Ctrl-C where it runs."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def run(settings: Settings) -> None:
    """Start everything, say where it is, and stay until Ctrl-C. Raises OperatorError."""
    began = time.monotonic()
    settings.claim_ports()
    settings.logs.mkdir(exist_ok=True)
    shutil.rmtree(settings.metrics, ignore_errors=True)  # what the last run has counted
    credentials = open_credentials(settings)
    with Supervisor(settings.logs) as supervisor:
        children, redis_url = broker(settings)
        env = lineup.environment(settings, credentials, redis_url, os.environ)
        children += lineup.children(settings, credentials, env)
        if is_new := credentials.accounts_in != digest(settings):
            children += accounts(credentials, env)
        supervisor.start(*children)
        if is_new:
            remember_accounts(settings, credentials)
        print(summary(settings, credentials, time.monotonic() - began), flush=True)
        if settings.finds_issues:
            supervisor.begin(lineup.first_issues(env))
        try:
            supervisor.watch()
        except StopAsked:
            print("Stopping. Another Ctrl-C stops at once.", flush=True)
            raise


def open_credentials(settings: Settings) -> Credentials:
    """Those of earlier starts, or new ones."""
    path = settings.folder / "secrets.json"
    credentials = Credentials.load(path) if path.exists() else Credentials()
    if not settings.database_url and not settings.sqlite_file.exists():
        credentials.database_is_ours = True  # it is about to be made, perhaps again
        credentials.accounts_in = ""
    credentials.save(path)
    return credentials


def broker(settings: Settings) -> tuple[list[Child], str]:
    """What to start for it, if anything, and its URL. Raises OperatorError."""
    if given := os.environ.get("REDIS_URL"):
        valkey.check(given)
        return [], given
    folder = settings.folder / "valkey"
    folder.mkdir(exist_ok=True)
    child, url = valkey.child(folder, any_free(), persist=True)
    return [child], url


def accounts(credentials: Credentials, env: dict[str, str]) -> list[Child]:
    passwords = credentials.passwords()
    return [
        lineup.account(email, role, passwords[email], env) for email, role in lineup.ROLES.items()
    ]


def remember_accounts(settings: Settings, credentials: Credentials) -> None:
    """Note that they exist. In another database they may be older, with their own passwords."""
    is_ours = credentials.database_is_ours and not settings.database_url
    logs = {email: settings.logs / f"account-{role}.log" for email, role in lineup.ROLES.items()}
    older = [email for email, log in logs.items() if lineup.was_there(log)]
    credentials.older_accounts = [] if is_ours else older
    credentials.accounts_in = digest(settings)
    credentials.save(settings.folder / "secrets.json")


def digest(settings: Settings) -> str:
    """Tells one database from another, without keeping the password that its URL may hold."""
    return hashlib.sha256(settings.database.encode()).hexdigest()


def summary(settings: Settings, credentials: Credentials, seconds: float) -> str:
    client = lineup.CONNECTED
    unconnected = (
        "It is not connected yet. The page Connection asks for the subdomain"
        f" {client['ZENDESK_SUBDOMAIN']}, the identifier {client['ZENDESK_OAUTH_CLIENT_ID']}"
        f" and the secret {client['ZENDESK_OAUTH_CLIENT_SECRET']}.\n"
    )
    older = dict.fromkeys(credentials.older_accounts, "(the password that it already had)")
    shown = credentials.passwords() | older
    return f"""
Giga Tools is ready after {seconds:.1f} s: {settings.web_url}

  Administrator  {ADMIN}  {shown[ADMIN]}
  User           {AGENT}  {shown[AGENT]}
  Flower         {settings.flower_url}  operator  {credentials.flower_password}

Its Zendesk is a fake, with {settings.tickets:,} tickets and minutes of {60 / settings.speed:g} s.
{"" if settings.is_connected else unconnected}Logs are in {settings.logs}.
Ctrl-C stops everything.
"""


def reset(settings: Settings) -> None:
    """Remove what the demo made. A database that it did not make is somebody's work, and stays."""
    secrets = settings.folder / "secrets.json"
    if secrets.exists() and Credentials.load(secrets).database_is_ours:
        for file in settings.instance.glob("app.db*"):
            file.unlink()
    elif settings.sqlite_file.exists():
        print(f"{settings.sqlite_file} was not made by the demo, so it stays.", file=sys.stderr)
    shutil.rmtree(settings.folder)
    print("The demo's data are gone.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away")
    parser.add_argument(
        "--instance",
        type=Path,
        default=CHECKOUT / "instance",
        metavar="DIR",
        help="where it keeps everything (default: instance)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
