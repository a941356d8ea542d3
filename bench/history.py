"""A console that has been used for long: jobs of many tickets, and very many of few."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from app.database import now, writing
from app.extensions import db
from app.models import Job, JobStatus, JobTicket, Outcome, Stage, User
from app.services.reasons import Reason
from bench.stack import Stack

PIECE = 10_000
WORDS = ("recall", "refund", "billing", "delay", "batch", "partner")
# What became of a ticket, of how many in a hundred, and why.
OUTCOMES = (
    (Outcome.CHANGED, 80, None, None),
    (Outcome.UNCHANGED, 10, Reason.ALREADY_SO, None),
    (Outcome.SKIPPED, 5, Reason.CHANGED_SINCE_PLAN, None),
    (Outcome.FAILED, 3, Reason.REFUSED, "Status: is not allowed in this form"),
    (Outcome.FAILED, 2, Reason.NO_PERMISSION, None),
)


def write(stack: Stack, *, large: int, tickets: int, small: int) -> None:
    """So many jobs of so many tickets each, the last of them five times as large, and so many small ones."""
    rng = random.Random(7)
    owner = stack.owner()
    sizes = [tickets] * (large - 1) + [5 * tickets]
    _insert(Job, _small_jobs(owner, small, rng))
    _insert(Job, (_job(owner, small + number, size, rng) for number, size in enumerate(sizes)))
    for number, size in enumerate(sizes):
        _insert(JobTicket, _ledger(small + number + 1, size, rng))


def _small_jobs(owner: User, number: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    return (_job(owner, one, rng.randint(1, 500), rng) for one in range(number))


def _job(owner: User, number: int, tickets: int, rng: random.Random) -> dict[str, Any]:
    created = now() - timedelta(days=400) + timedelta(minutes=5 * number)
    word = rng.choice(WORDS)
    return {
        "id": number + 1,
        "job_id": str(UUID(int=rng.getrandbits(128), version=4)),
        "user_id": owner.id,
        "tool_slug": rng.choice(("tag-manager", "apply-macro-to-view")),
        "operation": "add_tags",
        "arguments": {"tags": [word]},
        "selection": {"view_id": 1},
        "title": f"Add {word} to Unsolved tickets",
        "act_words": f"Add {word} to {{tickets}}",
        "limit": tickets,
        "dry_run": False,
        "status": rng.choice((JobStatus.COMPLETED, JobStatus.COMPLETED, JobStatus.CANCELLED)),
        "progress": 100,
        "total_items": tickets,
        "processed_items": tickets,
        "to_do": tickets,
        "plan_digest": f"{number:064x}",
        **_counts(tickets),
        "created_at": created,
        "planned_at": created,
        "started_at": created,
        "completed_at": created + timedelta(minutes=4),
    }


def _counts(tickets: int) -> dict[str, int]:
    counts = {f"{outcome}_count": 0 for outcome in Outcome}
    for place in range(tickets):
        counts[f"{_fate(place)[0]}_count"] += 1
    return counts


def _fate(place: int) -> Any:
    """The same share of each outcome in every hundred tickets."""
    share = place * 37 % 100
    for fate in OUTCOMES:
        if share < fate[1]:
            return fate
        share -= fate[1]
    return OUTCOMES[0]


def _ledger(pk: int, tickets: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    ids = rng.sample(range(1, 4_000_000), tickets)
    for place, ticket_id in enumerate(ids):
        outcome, _, reason, detail = _fate(place)
        tags = ["billing", "email", f"batch-{place % 9}"]
        yield {
            "job_id": pk,
            "position": place,
            "ticket_id": ticket_id,
            "stage": Stage.SETTLED,
            "outcome": outcome,
            "reason": reason,
            "detail": detail,
            "before": {"tags": tags},
            "after": {"tags": [*tags, "recall"]},
            "updated_at": now(),
        }


def _insert(model: Any, rows: Iterator[dict[str, Any]]) -> None:
    piece: list[dict[str, Any]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == PIECE:
            _write(model, piece)
            piece = []
    _write(model, piece)


def _write(model: Any, piece: list[dict[str, Any]]) -> None:
    if piece:
        with writing(), db.engine.begin() as connection:
            connection.execute(insert(model), piece)
