"""A console that has been used for long: jobs of many tickets, and very many of few."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, literal, select

from app.database import now, writing
from app.extensions import db
from app.models import Job, JobPace, JobStatus, JobTicket, JobWait, Outcome, Stage
from app.services.engine.history import span
from app.services.reasons import Reason
from app.services.waits import WaitReason
from bench.stack import Stack

PIECE = 10_000
HIGHEST = 4_000_000  # ticket
WAITS = 300  # of the largest job
SECONDS_A_TICKET = 0.36
WORDS = ("recall", "refund", "billing", "delay", "batch", "partner")


class Fate(NamedTuple):
    """What became of a ticket, and why."""

    outcome: Outcome
    reason: Reason | None = None
    detail: str | None = None


# Of how many tickets in a hundred.
FATES = (
    (80, Fate(Outcome.CHANGED)),
    (10, Fate(Outcome.UNCHANGED, Reason.ALREADY_SO)),
    (5, Fate(Outcome.SKIPPED, Reason.CHANGED_SINCE_PLAN)),
    (3, Fate(Outcome.FAILED, Reason.REFUSED, "Status: is not allowed in this form")),
    (2, Fate(Outcome.FAILED, Reason.NO_PERMISSION)),
)


def mixed(place: int) -> Fate:
    """The same share of each outcome in every hundred tickets."""
    share = place * 37 % 100
    for number, fate in FATES:
        if share < number:
            return fate
        share -= number
    return FATES[0][1]


def alike(_place: int) -> Fate:
    return Fate(Outcome.FAILED, Reason.REFUSED, "Status: is not allowed in this form")


def apart(place: int) -> Fate:
    """Each failed with words of its own."""
    return Fate(Outcome.FAILED, Reason.REFUSED, f"Order {place}: is not known")


def planned(_place: int) -> Fate:
    return Fate(Outcome.PLANNED)


@dataclass(frozen=True)
class Large:
    """A job of many tickets, by what became of them."""

    tickets: int
    fate: Callable[[int], Fate] = mixed

    @property
    def is_planned(self) -> bool:
        return self.fate is planned


@dataclass(frozen=True)
class Written:
    """The ids of those jobs whose pages are worth asking for."""

    largest: str
    alike: str
    apart: str
    planned: str
    exported: str


def write(stack: Stack, *, large: int, tickets: int, small: int, exported: int) -> Written:
    """So many jobs of so many tickets each, and so many small ones.

    The last of the large ones, and a plan, are five times as large. In two more all tickets failed, and one has so
    many tickets as are exported.
    """
    rng = random.Random(7)
    owner = stack.owner().id
    db.session.rollback()  # a reader that stays keeps SQLite from folding its log into the database
    usual = [Large(tickets)] * (large - 1)
    special = [
        Large(5 * tickets),
        Large(tickets, alike),
        Large(tickets, apart),
        Large(5 * tickets, planned),
        Large(exported),
    ]
    _insert(Job, _small_jobs(owner, small, rng))
    jobs = []
    for pk, one in enumerate([*usual, *special], small + 1):
        job = _job(owner, pk, one, rng)
        jobs.append(job)
        _insert(Job, iter([job]))
        _write_ledger(pk, one, (small + 1, tickets), rng)
        _insert(JobPace, _paces(job))
    _insert(JobWait, _waits(jobs[large - 1]))
    return Written(*(job["job_id"] for job in jobs[-len(special) :]))


def _small_jobs(owner: int, number: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    return (_job(owner, pk, Large(rng.randint(1, 500)), rng) for pk in range(1, number + 1))


def _job(owner: int, pk: int, large: Large, rng: random.Random) -> dict[str, Any]:
    word, tickets = rng.choice(WORDS), large.tickets
    ended = rng.choice((JobStatus.COMPLETED, JobStatus.COMPLETED, JobStatus.CANCELLED))
    return {
        "id": pk,
        "job_id": str(UUID(int=rng.getrandbits(128), version=4)),
        "user_id": owner,
        "tool_slug": rng.choice(("tag-manager", "apply-macro-to-view")),
        "operation": "add_tags",
        "arguments": {"tags": [word]},
        "selection": {"view_id": 1},
        "title": f"Add {word} to Unsolved tickets",
        "act_words": f"Add {word} to {{tickets}}",
        "reason": f"Agreed with the {word} team, change {pk}" if pk % 2 else "",
        "limit": tickets,
        "dry_run": False,
        "status": JobStatus.PLANNED if large.is_planned else ended,
        "progress": 0 if large.is_planned else 100,
        "total_items": tickets,
        "processed_items": 0 if large.is_planned else tickets,
        "to_do": tickets,
        "plan_digest": f"{pk:064x}",
        **_counts(large),
        **_times(pk, large),
    }


def _times(pk: int, large: Large) -> dict[str, Any]:
    if large.is_planned:  # an old one would be given up
        return {"created_at": now(), "planned_at": now(), "started_at": None, "completed_at": None}
    created = now() - timedelta(days=400) + timedelta(minutes=5 * pk)
    ended = created + timedelta(seconds=60 + SECONDS_A_TICKET * large.tickets)
    return {
        "created_at": created,
        "planned_at": created,
        "started_at": created,
        "completed_at": ended,
    }


def _counts(large: Large) -> dict[str, int]:
    counts = {f"{outcome}_count": 0 for outcome in Outcome}
    for place in range(large.tickets):
        counts[f"{large.fate(place).outcome}_count"] += 1
    return counts


def _write_ledger(pk: int, large: Large, like: tuple[int, int], rng: random.Random) -> None:
    """`like` are the key and the tickets of a job whose ledger was made here.

    Others of its kind are copied from it by the database, which is much faster.
    """
    first, size = like
    if pk == first or large.fate is not mixed:
        _insert(JobTicket, _ledger(pk, large, rng))
        return
    with writing(), db.engine.begin() as connection:
        for done in range(0, large.tickets, size):
            connection.execute(_copy(first, pk, done, large.tickets - done))


def _copy(first: int, pk: int, done: int, most: int) -> Any:
    """The first ledger's rows, for another job and further on. It has some of the tickets of each job before it."""
    columns: dict[str, Any] = {one.name: one for one in JobTicket.__table__.columns}
    changed = {
        "job_id": literal(pk),
        "position": columns["position"] + done,
        "ticket_id": (columns["ticket_id"] + 7919 * pk) % HIGHEST + 1 + done * HIGHEST,
    }
    rows = select(*(columns | changed).values()).where(columns["job_id"] == first)
    rows = rows.where(columns["position"] < most)
    return insert(JobTicket).from_select(list(columns), rows)


def _ledger(pk: int, large: Large, rng: random.Random) -> Iterator[dict[str, Any]]:
    ids = rng.sample(range(1, HIGHEST), large.tickets)
    for place, ticket_id in enumerate(ids):
        fate = large.fate(place)
        tags = ["billing", "email", f"batch-{place % 9}"]
        yield {
            "job_id": pk,
            "position": place,
            "ticket_id": ticket_id,
            "stage": Stage.WAITING if large.is_planned else Stage.SETTLED,
            **fate._asdict(),
            "before": {"tags": tags},
            "after": {"tags": [*tags, "recall"]},
            "planned_stamp": "2026-11-01T00:00:00Z",
            "attempts": 1 if fate.outcome is Outcome.FAILED else 0,
            "updated_at": now(),
        }


def _paces(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """It went as fast all the time."""
    if job["started_at"] is None:
        return
    since, seconds = 0, (job["completed_at"] - job["started_at"]).total_seconds()
    while since < seconds:
        length = span(since)
        settled = round(length / SECONDS_A_TICKET)
        yield {"job_id": job["id"], "since": since, "settled": settled}
        since += length


def _waits(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The job waited for Zendesk again and again, as one does that shares an account with others."""
    for number in range(WAITS):
        began = job["started_at"] + timedelta(seconds=50 * number)
        yield {
            "job_id": job["id"],
            "number": number,
            "reason": WaitReason.BUDGET,
            "began_at": began,
            "ended_at": began + timedelta(seconds=20),
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
