"""How well each part of Giga Tools is, in words for whoever runs it. Knows no request, and asks Zendesk nothing.

Whatever is gone or hangs, an answer comes within `PATIENCE_SECONDS`: each part is asked in a thread of its own.
"""

import logging
import platform
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Thread

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from redis import RedisError
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.celery_config import QUEUES
from app.config import VERSION
from app.database import now
from app.extensions import db, redis
from app.models import ACTIVE, Job, JobWait, OAuthToken
from app.services import badge, budget, connection, presence
from app.services.badge import Kind
from app.services.checkup import Level
from app.services.presence import Worker
from app.services.waits import WaitReason

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
STARTED_AT = now()  # this process
LATE_SECONDS = 60.0  # a job that nobody takes up for so long has no worker to do it
FEW_BYTES, TOO_FEW_BYTES = 2 * 2**30, 256 * 2**20
PACKAGES = ("Flask", "SQLAlchemy", "celery", "redis", "gunicorn", "cryptography")


@dataclass(frozen=True)
class Part:
    """One part, how it is, and what to do about it. `facts` are pairs of a name and what is so."""

    name: str
    level: Level
    words: str
    advice: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def look() -> list[Part]:
    """All parts, in the order in which they rest upon each other."""
    asked = {
        "Workers": workers,
        "Scheduler": scheduler,
        "Broker": broker,
        "Database": database,
        "Zendesk": zendesk,
        "Queue": queue,
    }
    return [web(), *ask_all(asked), *disk(), versions()]


def web() -> Part:
    facts = [("Version", VERSION), ("Running since", f"{STARTED_AT:%d %b %Y, %H:%M} UTC")]
    return Part("Web", Level.OK, "It answers.", facts=facts)


def workers() -> Part:
    """Raises RedisError."""
    known = presence.workers()
    facts = [(one.name or "A worker", _of_worker(one)) for one in known]
    here = [one for one in known if one.is_here]
    if not here:
        words = "No worker has been heard of in the last quarter of a minute."
        advice = "Start one: celery -A celery_app worker. Jobs of more than a few hundred tickets wait for it."
        return Part("Workers", Level.PROBLEM, words, advice, facts)
    other = sorted({one.version for one in here} - {VERSION})
    if other:
        words = f"A worker runs version {', '.join(other)}, and this page is of {VERSION}."
        return Part("Workers", Level.WARNING, words, "Restart it.", facts)
    words = "One worker is running." if len(here) == 1 else f"{len(here)} workers are running."
    return Part("Workers", Level.OK, words, facts=facts)


def scheduler() -> Part:
    """Beat sends upkeep, and a worker does it. Raises RedisError."""
    here = presence.look()
    if not here.redis:
        raise RedisError
    if here.upkeep:
        return Part("Scheduler", Level.OK, "It is running: upkeep was done within the last minute.")
    words = "Upkeep has not been done for a while. A job that waits does not go on by itself."
    advice = "Start beat: celery -A celery_app beat. It needs a worker too."
    return Part("Scheduler", Level.PROBLEM, words, advice)


def broker() -> Part:
    """Raises RedisError."""
    told = redis.info()
    name = "Valkey" if "valkey_version" in told else "Redis"
    keeps = bool(told.get("aof_enabled"))
    policy = told.get("maxmemory_policy", "noeviction")
    facts = [
        ("Version", f"{name} {told.get('valkey_version') or told.get('redis_version', '')}"),
        ("Memory", _size(told.get("used_memory", 0))),
        ("Kept on disk", "every change (AOF)" if keeps else "no, or only now and then"),
    ]
    if told.get("maxmemory") and policy != "noeviction":
        words = f"It may throw away what it holds when its memory is full ({policy})."
        advice = "Set maxmemory-policy noeviction: the budget and the queue must stay whole."
        return Part("Broker", Level.WARNING, words, advice, facts)
    advice = (
        ""
        if keeps
        else "Nothing is lost when it is restarted: jobs are in the database. With appendonly yes they go on sooner, "
        "and what is known of Zendesk's limit outlives it."
    )
    return Part("Broker", Level.OK, f"{name} answers.", advice, facts)


def database() -> Part:
    """Raises SQLAlchemyError."""
    is_current = migrations_are_current()
    facts = [("Kind", _kind_of_database()), ("Size", _size(_size_of_database()))]
    if not is_current:
        words = "Its tables are of another version than the program."
        return Part("Database", Level.PROBLEM, words, "Run: flask db upgrade. Then restart.", facts)
    return Part("Database", Level.OK, "It answers, and its tables are up to date.", facts=facts)


def migrations_are_current() -> bool:
    """Has the database the newest of our migrations? Raises SQLAlchemyError."""
    with db.engine.connect() as connected:
        heads = MigrationContext.configure(connected).get_current_heads()
    return set(heads) == _newest(str(Path(current_app.root_path).parent / "migrations"))


def zendesk() -> Part:
    """What is known without asking it. Raises SQLAlchemyError, RedisError."""
    account = badge.current()
    if account.kind is Kind.NONE:
        words = "Giga Tools is not connected to a Zendesk account."
        return Part("Zendesk", Level.PROBLEM, words, "Set it on the Connection page.")
    url = connection.base_url_of(account.subdomain)
    facts = [("Account", url), ("Kind", account.kind.words)]
    columns = (OAuthToken.reconnect_reason, OAuthToken.failure, OAuthToken.issued_at)
    token = db.session.execute(
        select(*columns).where(OAuthToken.base_url == url).order_by(OAuthToken.id.desc()).limit(1)
    ).one_or_none()
    if token and (token.reconnect_reason or token.failure):
        words = token.reconnect_reason or f"It refused the last sign-in: {token.failure}"
        return Part("Zendesk", Level.PROBLEM, words, "Test it on the Connection page.", facts)
    held = next((one["hold"] for one in budget.of(url).report()["buckets"] if one["hold"]), 0)
    if held:
        words = f"It has asked us to wait for {held:.0f} s more. Jobs go on by themselves."
        return Part("Zendesk", Level.WARNING, words, facts=facts)
    return Part("Zendesk", Level.OK, _last_asked(url), facts=facts)


def queue() -> Part:
    """Whether there is somebody for what is to be done. Raises SQLAlchemyError, RedisError."""
    late = _late_seconds()
    facts = [(f"Messages in “{name}”", f"{redis.llen(redis.key(name)):,}") for name in QUEUES]
    facts.append(("Longest wait of a job for a worker", f"{late:.0f} s"))
    if late < LATE_SECONDS:
        return Part("Queue", Level.OK, "Jobs that have something to do are taken up.", facts=facts)
    words = f"A job has been waiting for a worker for {late:,.0f} s."
    advice = "Workers are busy, or there are too few: start more, or raise CELERY_CONCURRENCY."
    return Part("Queue", Level.WARNING, words, advice, facts)


def disk() -> Iterable[Part]:
    """Of the database, if that is a file here."""
    file = _file_of_database()
    if file is None:
        return
    usage = shutil.disk_usage(file.parent)
    facts = [("Free", _size(usage.free)), ("In all", _size(usage.total))]
    if usage.free > FEW_BYTES:
        yield Part("Disk", Level.OK, "There is room.", facts=facts)
        return
    level = Level.PROBLEM if usage.free < TOO_FEW_BYTES else Level.WARNING
    advice = "Make room where the database is, or let old jobs go (Retention)."
    yield Part("Disk", level, f"Only {_size(usage.free)} are left.", advice, facts)


def versions() -> Part:
    facts = [("Python", platform.python_version())]
    facts += [(name, metadata.version(name)) for name in PACKAGES]
    return Part("Versions", Level.OK, "What this process runs on.", facts=facts)


def ask_all(asked: dict[str, Callable[[], Part]]) -> list[Part]:
    """What each has told, by the end of our patience."""
    app = current_app._get_current_object()  # pyright: ignore[reportAttributeAccessIssue] # noqa: SLF001
    told: dict[str, Part] = {}

    def tell(name: str, ask: Callable[[], Part]) -> None:
        with app.app_context():
            told[name] = _told(name, ask)

    threads = [Thread(target=tell, args=one, daemon=True) for one in asked.items()]
    for thread in threads:
        thread.start()
    end = time.monotonic() + PATIENCE_SECONDS
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return [told.get(name) or _silent(name) for name in asked]


def _told(name: str, ask: Callable[[], Part]) -> Part:
    try:
        return ask()
    except RedisError:
        words = "Redis cannot be reached, so nothing is known of it."
        if name == "Broker":
            words = "Redis cannot be reached. Jobs wait until it is back; nothing is lost."
        return Part(name, Level.PROBLEM, words, "Start it, or mend REDIS_URL.")
    except SQLAlchemyError as error:
        log.warning("health of %s: %s", name, type(error).__name__)
        words = "The database cannot be read, so nothing is known of it."
        if name == "Database":
            words = "It cannot be read. Nothing works without it."
        return Part(name, Level.PROBLEM, words, "Start it, or mend DATABASE_URL.")


def _silent(name: str) -> Part:
    words = f"No answer came within {PATIENCE_SECONDS:.0f} s."
    return Part(name, Level.PROBLEM, words, "See whether it is overloaded, or cannot be reached.")


def _of_worker(one: Worker) -> str:
    return f"version {one.version}, last heard {one.silent_seconds:,.0f} s ago"


def _kind_of_database() -> str:
    if db.engine.dialect.name == "sqlite":
        return f"SQLite {db.session.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {db.session.scalar(text('SHOW server_version'))}"


def _size_of_database() -> int:
    if db.engine.dialect.name != "sqlite":
        return db.session.scalar(text("SELECT pg_database_size(current_database())"))
    file = _file_of_database()
    parts = (Path(f"{file}{end}") for end in ("", "-wal") if file)
    return sum(part.stat().st_size for part in parts if part.exists())


def _file_of_database() -> Path | None:
    url = db.engine.url
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


@cache
def _newest(folder: str) -> frozenset[str]:
    return frozenset(ScriptDirectory(folder).get_heads())


def _last_asked(url: str) -> str:
    """As far as the budget remembers, which is some minutes."""
    told = budget.of(url).report()
    asked = [slot["at"] for slot in told["chart"] if slot["ours"]]
    if not asked:
        return "It has not been asked for some minutes."
    return f"It was last asked {max(0, told['now'] - asked[-1]):,.0f} s ago, and is in no trouble."


def _late_seconds() -> float:
    """How long the job that has waited longest for a worker has."""
    since = now()
    waits = (
        select(func.min(JobWait.began_at))
        .join(Job, Job.id == JobWait.job_id)
        .where(JobWait.reason == WaitReason.WORKER, JobWait.ended_at.is_(None))
        .where(Job.status.in_(ACTIVE), ~Job.is_held)
    )
    overdue = select(func.min(Job.wake_at)).where(Job.status.in_(ACTIVE), ~Job.is_held)
    moments = [db.session.scalar(waits), db.session.scalar(overdue)]
    return max(0.0, *((since - one).total_seconds() for one in moments if one), 0.0)


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1024:
            return f"{number:,.0f} {unit}"
        number /= 1024
    return f"{number:,.1f} TB"
