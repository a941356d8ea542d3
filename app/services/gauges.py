"""What stands at the moment, for monitoring: jobs, queues and the rate budget."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from redis import RedisError
from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from app import metrics
from app.celery_config import QUEUES
from app.database import now
from app.extensions import db, redis
from app.models import ACTIVE, Job, JobStatus
from app.services import budget, connection, settings
from app.services.connection import NotConnected


def look() -> Iterator[GaugeMetricFamily]:
    """What a part that cannot be asked would say is left out, and that it is so is told."""
    up: dict[tuple[str, ...], float] = {}
    for part, ask, trouble in _PARTS:
        try:
            yield from list(ask())
            up[(part,)] = 1
        except trouble:
            db.session.rollback()
            up[(part,)] = 0
    yield metrics.UP.told(up)


def _jobs() -> Iterator[GaugeMetricFamily]:
    rows = db.session.execute(select(Job.status, func.count()).group_by(Job.status))
    numbers = {str(status): 0 for status in JobStatus} | {row[0]: row[1] for row in rows}
    yield metrics.JOBS.told({(status,): number for status, number in numbers.items()})
    due = (
        Job.status.in_(ACTIVE),
        ~Job.is_held,
        or_(Job.wake_at.is_(None), Job.wake_at <= now()),
    )
    since = [
        max(row.wake_at or row.lease_expires_at or row.created_at, row.created_at)
        for row in db.session.execute(
            select(Job.wake_at, Job.lease_expires_at, Job.created_at).where(*due)
        )
    ]
    oldest = (now() - min(since)).total_seconds() if since else 0.0
    yield metrics.DUE.told({(): len(since)})
    yield metrics.OLDEST_DUE.told({(): max(0.0, oldest)})


def _queues() -> Iterator[GaugeMetricFamily]:
    lengths = {(name,): redis.llen(redis.key(name)) for name in QUEUES}
    yield metrics.QUEUED.told(lengths)


def _budget() -> Iterator[GaugeMetricFamily]:
    try:
        base_url = connection.account().base_url
    except NotConnected:
        return
    report = budget.of(base_url).report()
    limits = [one for one in report["buckets"] if one.get("limit")]
    yield metrics.LIMIT.told({(_kind(one),): one["limit"] for one in limits})
    used: Counter[tuple[str, ...]] = Counter()
    held: dict[tuple[str, ...], float] = {}
    for one in limits:
        used[(_kind(one), "us")] += one["ours"]
        used[(_kind(one), "others")] += one["others"]
        held[(_kind(one),)] = max(held.get((_kind(one),), 0.0), one["hold"])
    yield metrics.USED.told(used)
    yield metrics.HELD.told(held)
    waiting = Counter((one["reason"],) for one in report["waits"])
    yield metrics.WAITING.told(waiting)
    taken = sum(one["slots"] for one in report["slots"])
    most = settings.current("max_in_flight")
    yield metrics.PLACES.told({("taken",): taken, ("all",): most})


def _kind(bucket: dict[str, Any]) -> str:
    """Some limits hold for each view by itself, and are told together."""
    return bucket["name"].partition(":")[0]


_PARTS = (
    ("database", _jobs, SQLAlchemyError),
    ("queues", _queues, RedisError),
    ("budget", _budget, (RedisError, SQLAlchemyError)),
)
