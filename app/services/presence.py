"""Who is alive: workers and upkeep leave a mark in Redis that fades."""

from dataclasses import dataclass

from redis import RedisError

from app.extensions import redis

# A worker's heart beats every 2 s; upkeep comes every 5 s but may queue behind slices of 20 s.
WORKER_SECONDS = 15
UPKEEP_SECONDS = 45
_WORKER, _UPKEEP = "alive:worker", "alive:upkeep"


@dataclass(frozen=True)
class Presence:
    redis: bool
    worker: bool
    upkeep: bool  # beat sends it, a worker does it


def worker_is_here() -> None:
    redis.set(redis.key(_WORKER), 1, ex=WORKER_SECONDS)


def upkeep_was_done() -> None:
    redis.set(redis.key(_UPKEEP), 1, ex=UPKEEP_SECONDS)


def look() -> Presence:
    """Who has left a mark. Without Redis nobody can."""
    try:
        worker, upkeep = redis.mget(redis.key(_WORKER), redis.key(_UPKEEP))
    except RedisError:
        return Presence(redis=False, worker=False, upkeep=False)
    return Presence(redis=True, worker=worker is not None, upkeep=upkeep is not None)
