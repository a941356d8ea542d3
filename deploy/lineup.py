"""The demo's processes, in the order of their starting, and the environment that they share."""

import http.client
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.credentials import ADMIN, AGENT, Credentials
from deploy.ports import LOOPBACK
from deploy.process import Process
from deploy.settings import Settings
from deploy.supervisor import Child

# Set for another installation, these must not reach the demo, the real Zendesk's least of all.
FOREIGN = ("ZENDESK_", "FLASK_", "FLOWER_", "GUNICORN_", "CELERY_", "SMTP_", "MAIL_", "PUBLIC_")

# By which the demo sends mail all the same, where somebody wants to see it: `SMTP_URL` and `MAIL_FROM` of its own.
MAILING = {"GIGA_DEMO_SMTP_URL": "SMTP_URL", "GIGA_DEMO_MAIL_FROM": "MAIL_FROM"}

# What an admin would otherwise enter on the page for the connection.
CONNECTED = {
    "ZENDESK_SUBDOMAIN": "sandbox",
    "ZENDESK_OAUTH_CLIENT_ID": "sandbox-client",
    "ZENDESK_OAUTH_CLIENT_SECRET": "sandbox-secret",
}

# Of 12,000 tickets some 9,000: no more pages than Zendesk gives in a minute.
FIRST_DAYS = 45

ROLES = {ADMIN: "admin", AGENT: "user"}


def environment(
    settings: Settings, credentials: Credentials, redis_url: str, given: Mapping[str, str]
) -> dict[str, str]:
    """What all children are told. Secrets go here, not into arguments, which `ps` shows."""
    kept = {name: text for name, text in given.items() if not name.startswith(FOREIGN)}
    # Without compiled modules each process would need a second more to start, every time.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {
        "PYTHONUNBUFFERED": "1",  # readiness is read from logs
        "FLASK_ENV": "development",
        "SECRET_KEY": credentials.secret_key,
        "ENCRYPTION_KEYS": credentials.encryption_keys,
        "GIGA_INSTANCE_PATH": str(settings.instance),
        "DATABASE_URL": settings.database,
        "REDIS_URL": redis_url,
        "PROMETHEUS_MULTIPROC_DIR": str(settings.metrics),
        "REDIS_PREFIX": "giga-demo:",  # its messages stay its own on a broker that others use too
        "FLOWER_URL": f"http://{LOOPBACK}:{settings.flower_port}",
        "ZENDESK_BASE_URL": settings.sandbox_url,
        "ZENDESK_WINDOW_SECONDS": f"{60 / settings.speed:g}",
        **(CONNECTED if settings.is_connected else {}),
        **{name: given[ours] for ours, name in MAILING.items() if ours in given},
    }


def children(settings: Settings, credentials: Credentials, env: Mapping[str, str]) -> list[Child]:
    """Everything but the broker. The reverse order stops the worker before what it needs."""
    return [
        sandbox(settings, env),
        Child("migrations", _python("flask", "--app", "app", "db", "upgrade"), env, once=True),
        web(settings, env),
        worker(env),
        beat(settings, env),
        flower(settings, credentials, env),
    ]


def sandbox(settings: Settings, env: Mapping[str, str]) -> Child:
    command = f"--app app sandbox run --port {settings.sandbox_port} --tickets {settings.tickets}"
    more = f"--seed 1 --plan enterprise --speed {settings.speed:g}"
    data = ["--data", str(settings.folder / "sandbox.db")]
    return Child(
        "sandbox",
        _python("flask", *command.split(), *more.split(), *data),
        env,
        ready=_answers(settings.sandbox_port, "/"),
    )


def account(email: str, role: str, password: str, env: Mapping[str, str]) -> Child:
    """Makes the account, unless there is one; `was_there` tells."""
    command = f"--app app users create {email} --role {role} --password-stdin"
    return Child(
        f"account-{role}",
        _python("flask", *command.split()),
        env,
        ready=lambda process: process.exit_code == 0 or was_there(process.log),
        after=["migrations"],
        stdin=password + "\n",
        once=True,
    )


def first_issues(env: Mapping[str, str]) -> Child:
    """Has the worker fetch the tickets and find issues, unless it ever did. What becomes of that ends no demo."""
    command = f"--app app pipeline run --first --backfill-days {FIRST_DAYS}"
    return Child(
        "first-issues",
        _python("flask", *command.split()),
        env,
        ready=lambda process: process.exit_code is not None,
        once=True,
        limit=600,
    )


def was_there(log: Path) -> bool:
    """Whether the making of an account ended with the app's words for one that exists."""
    return "There is an account for" in log.read_text()


def web(settings: Settings, env: Mapping[str, str]) -> Child:
    # One process of eight threads: SQLite has one writer anyway, and a following page asks little.
    # No --preload: with one worker it shares nothing, and connections opened before a fork are a
    # trap.
    options = "--config python:deploy.gunicorn --workers 1"
    return Child(
        "web",
        _python(
            "gunicorn",
            "app:create_app()",
            *options.split(),
            "--bind",
            f"{LOOPBACK}:{settings.web_port}",
        ),
        env,
        ready=_answers(settings.web_port, "/healthz"),
        after=["migrations"],
        grace=25,
    )


def worker(env: Mapping[str, str]) -> Child:
    # There is no other worker to gossip with; looking for one would cost a second at each start.
    options = "worker --loglevel=info --without-gossip --without-mingle"
    return Child(
        "worker",
        _celery(options),
        env,
        ready=_logs(" ready."),
        after=["migrations"],
        grace=30,  # longer than a slice of a job
    )


def beat(settings: Settings, env: Mapping[str, str]) -> Child:
    schedule = ["--schedule", str(settings.folder / "beat-schedule")]
    return Child(
        "beat",
        [*_celery("beat --loglevel=info"), *schedule],
        env,
        ready=_logs("beat: Starting..."),
        after=["migrations"],
    )


def flower(settings: Settings, credentials: Credentials, env: Mapping[str, str]) -> Child:
    sign_in = {"FLOWER_BASIC_AUTH": f"operator:{credentials.flower_password}"}
    where = f"--address={LOOPBACK} --port={settings.flower_port}"
    # The arguments, which Flower leaves out by default, are how a task is matched with its job.
    shown = "--tasks_columns=name,uuid,state,args,received,runtime,worker"
    return Child(
        "flower",
        _celery(f"flower {where} --read_only=True {shown}"),
        {**env, **sign_in},
        ready=_answers(settings.flower_port, "/healthcheck"),
        # It needs no database, but before the migrations it would only slow them down.
        after=["migrations"],
    )


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _celery(command: str) -> list[str]:
    return _python("celery", "-A", "celery_app", *command.split())


def _answers(port: int, path: str) -> Callable[[Process], bool]:
    """Whether a web server answers there, if only that it knows no such page."""

    def ask(_: Process) -> bool:
        # Not urllib: a proxy set for the outside world must not be asked for this.
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=0.3)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask


def _logs(words: str) -> Callable[[Process], bool]:
    return lambda process: words in process.log.read_text(errors="replace")
