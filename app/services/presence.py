"""Who is alive: workers and upkeep leave a mark in Redis that fades."""

import json
import time
from dataclasses import dataclass

from redis import RedisError

from app.config import VERSION
from app.extensions import redis

# A worker's heart beats every 2 s; upkeep comes every 5 s but may queue behind slices of 20 s.
WORKER_SECONDS = 15
UPKEEP_SECONDS = 45
_WORKER, _UPKEEP = "alive:worker", "alive:upkeep"
_WORKERS = "alive:workers"  # by name
REMEMBERED_SECONDS = 3600  # one that is gone


@dataclass(frozen=True)
class Presence:
    redis: bool
    worker: bool
    upkeep: bool  # beat sends it, a worker does it


@dataclass(frozen=True)
class Worker:
    """A worker of which something was heard within the last hour."""

    name: str
    version: str
    silent_seconds: float

    @property
    def is_here(self) -> bool:
        return self.silent_seconds <= WORKER_SECONDS


def worker_is_here(name: str = "") -> None:
    """Raises RedisError."""
    heard = json.dumps({"version": VERSION, "at": time.time()})
    marks = redis.pipeline(transaction=False)
    marks.set(redis.key(_WORKER), 1, ex=WORKER_SECONDS)
    marks.hset(redis.key(_WORKERS), name, heard)
    marks.expire(redis.key(_WORKERS), REMEMBERED_SECONDS)
    marks.execute()


def workers() -> list[Worker]:
    """Those heard of last come first. Raises RedisError."""
    told = {name: json.loads(heard) for name, heard in redis.hgetall(redis.key(_WORKERS)).items()}
    found = [
        Worker(name, heard["version"], max(0.0, time.time() - heard["at"]))
        for name, heard in told.items()
    ]
    gone = [one.name for one in found if one.silent_seconds > REMEMBERED_SECONDS]
    if gone:
        redis.hdel(redis.key(_WORKERS), *gone)
    return sorted(
        (one for one in found if one.name not in gone), key=lambda one: one.silent_seconds
    )


def upkeep_was_done() -> None:
    redis.set(redis.key(_UPKEEP), 1, ex=UPKEEP_SECONDS)


def look() -> Presence:
    """Who has left a mark. Without Redis nobody can."""
    try:
        worker, upkeep = redis.mget(redis.key(_WORKER), redis.key(_UPKEEP))
    except RedisError:
        return Presence(redis=False, worker=False, upkeep=False)
    return Presence(redis=True, worker=worker is not None, upkeep=upkeep is not None)
