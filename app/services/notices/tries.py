"""Deliveries, try after try: who makes the next one, when the one after it is due, and when none is made any more."""

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, select, update

from app.database import now, writing
from app.extensions import db, rows_changed
from app.models import Delivery, DeliveryState

# After the first try that failed, the second, and so on; the last holds for all that follow.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
# Whoever does not answer at all is left alone for so long, with all that waits for them.
REST = timedelta(minutes=1)
RUN_SECONDS = 20.0
LONGEST_ANSWER = 200  # characters of it that are kept


def taken(whose: ColumnElement[bool]) -> Iterator[int]:
    """The ids of deliveries that are due, as long as a run may last, each for whoever takes it to try.

    Commits before each of them, so that no transaction is open while a receiver is waited for.
    """
    end = monotonic() + RUN_SECONDS
    while monotonic() < end and (delivery_id := _take(whose)) is not None:
        yield delivery_id


def _take(whose: ColumnElement[bool]) -> int | None:
    """Take the delivery that is due for longest. Of two who want it, one has it.

    Its next try is set before this one is made: should this process die meanwhile, it is made then.
    """
    due = select(Delivery.id, Delivery.attempts).where(whose, Delivery.next_try_at <= now())
    oldest = due.order_by(Delivery.next_try_at, Delivery.id).limit(1)
    with writing():
        while found := db.session.execute(oldest).one_or_none():
            is_ours = take(*found)
            db.session.commit()
            if is_ours:
                return found.id
    db.session.commit()
    return None


def take(delivery_id: int, attempts: int) -> bool:
    """Take a delivery that was tried so often. False if somebody else has. The caller commits."""
    at = now()
    here = update(Delivery).where(
        Delivery.id == delivery_id, Delivery.attempts == attempts, Delivery.next_try_at.is_not(None)
    )
    pause = PAUSES[min(attempts, len(PAUSES) - 1)]
    values = {"attempts": attempts + 1, "tried_at": at, "next_try_at": at + pause}
    return rows_changed(here.values(**values)) == 1


def succeeded(delivery_id: int, status: int | None = None, answer: str = "") -> None:
    """Note that the receiver has it. The caller commits."""
    _note(delivery_id, status, answer, state=DeliveryState.SENT, next_try_at=None)


def failed(delivery_id: int, status: int | None, answer: str, *, for_good: bool = False) -> None:
    """Note why this try failed. Another is made, unless that is `for_good` or comes too late. The caller commits."""
    over: dict[str, Any] = {"state": DeliveryState.GIVEN_UP, "next_try_at": None}
    _note(delivery_id, status, answer, **(over if for_good else {}))
    give_up(Delivery.id == delivery_id, Delivery.next_try_at > Delivery.gives_up_at)


def give_up(*which: ColumnElement[bool], answer: str | None = None) -> None:
    """Try these no more. The caller commits."""
    values: dict[str, Any] = {"state": DeliveryState.GIVEN_UP, "next_try_at": None}
    if answer is not None:
        values |= {"answer_status": None, "answer": answer}
    rows_changed(update(Delivery).where(*which, Delivery.next_try_at.is_not(None)).values(**values))


def let_rest(whose: ColumnElement[bool]) -> None:
    """Leave a receiver alone that does not answer, so that it does not hold up the others. The caller commits."""
    until = now() + REST
    waiting = update(Delivery).where(whose, Delivery.next_try_at < until)
    rows_changed(waiting.values(next_try_at=until))


def _note(delivery_id: int, status: int | None, answer: str, **values: Any) -> None:
    """Nothing is noted of one that is not waiting: somebody has given it up meanwhile."""
    here = update(Delivery).where(Delivery.id == delivery_id, Delivery.next_try_at.is_not(None))
    rows_changed(here.values(answer_status=status, answer=_start_of(answer), **values))


def _start_of(answer: str) -> str:
    """As much of it as is kept, without signs that do not show."""
    readable = "".join(sign if sign.isprintable() else " " for sign in answer)
    return " ".join(readable.split())[:LONGEST_ANSWER]
