"""The stage that mirrors the tickets: Zendesk's incremental export, page by page, each saved with its place."""

import functools
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.engine import Connection

from app.database import now, tried_again, writing
from app.extensions import db
from app.services import budget, connection, settings
from app.services.insights import mirror, sync_place
from app.services.insights.stage import Progress, StageFailed, StageRun
from app.services.insights.sync_place import OVERLAP, Overtaken, Place, noted, shown
from app.zendesk.client import Client
from app.zendesk.errors import Forbidden, NotNow, ZendeskError
from app.zendesk.resources import IncrementalPage
from app.zendesk.transport import Timeouts

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

# A page of 1,000 tickets takes Zendesk longer than any other answer. The budget counts a call for 60 s.
TIMEOUTS = Timeouts(answer=50.0)
UNTOLD_WAIT = 30.0  # seconds, after a failure that names no time
DAY = 86_400
# How Zendesk refuses a cursor that it does not know, or no longer.
NO_SUCH_CURSOR = frozenset({400, 404, 410, 422})
TOO_RECENT = "StartTimeTooRecent"

ONLY_ADMINS = (
    "Zendesk gives all tickets to its admins alone, and the one in whose name Giga Tools is connected may not have "
    "them. Nothing was changed. An admin can connect it in an admin's name, on the Connection page."
)
NO_CURSOR_HOLDS = (
    "Zendesk refuses the places at which it says itself that its export goes on. What was read is kept. Run it again "
    "later; if it happens again, ask Zendesk's support."
)
CLOCK_IS_WRONG = (
    "Zendesk says that every time we name is yet to come: the clock of this server must be wrong. Nothing was "
    "changed. Set the clock right, and run it again."
)


def sync(run: StageRun, until: float) -> Progress:
    """Read what changed in Zendesk since the last page that was saved, `backfill_days` back where none was.

    Raises NotConnected, StageFailed, what `run.check` raises, and a ZendeskError where trying again is of no use.
    A sync whose end was not reached is gone on with, whichever run it was begun by. How many tickets there are in all
    nobody says; `read_until` tells how far it has come, in ISO 8601.
    """
    client = connection.client(budget.SYNC, timeouts=TIMEOUTS)
    try:
        place = _begin(run, client.base_url)
        while place.is_clearing and time.monotonic() < until:
            place = _clear_piece(run, place)
        return _progress(place) if place.is_clearing else _read(run, client, place, until)
    except Overtaken:  # or our own commit was, and its answer was lost
        return _progress(_here())
    finally:
        client.leave()


def _read(run: StageRun, client: Client, place: Place, until: float) -> Progress:
    """Page by page; one at least."""
    while True:
        try:
            page = client.incremental_tickets(place.read_until, place.cursor)
        except ZendeskError as error:
            found = _around(run, place, error)
            if found is None:
                return _progress(place, _wait(error))
            place = found
        else:
            place = _keep(run, place, page)
        if place.ended_at is not None:
            log.info(
                "tickets synced: %d on %d pages, of which %d deleted and %d odd",
                *(place.tickets, place.pages, place.deleted, place.odd),
            )
        if place.ended_at is not None or time.monotonic() >= until:
            return _progress(place)


def _progress(place: Place, wait: float = 0.0) -> Progress:
    result: dict[str, int | float | str] = {
        "tickets": place.tickets,
        "deleted": place.deleted,
        "odd": place.odd,
        "pages": place.pages,
        "read_until": datetime.fromtimestamp(place.read_until, UTC).isoformat(),
    }
    if place.note:
        result["note"] = place.note
    return Progress(
        done=place.tickets,
        total=None,
        is_over=place.ended_at is not None,
        result=result,
        wait_until=now() + timedelta(seconds=wait) if wait else None,
    )


def _around(run: StageRun, place: Place, error: ZendeskError) -> Place | None:
    """Another place to go on from after a failure; None where waiting helps."""
    if error.can_retry:
        return None
    if place.cursor and error.status in NO_SUCH_CURSOR:
        return _restart(run, place, error.status)
    if error.name == TOO_RECENT:
        return _earlier(run, place)
    if isinstance(error, Forbidden):
        raise StageFailed("not_admin", ONLY_ADMINS) from None
    raise error


def _wait(error: ZendeskError) -> float:
    return error.seconds if isinstance(error, NotNow) else error.retry_after or UNTOLD_WAIT


def _checked(
    write: Callable[Concatenate[Connection, P], R],
) -> Callable[Concatenate[StageRun, P], R]:
    """Make a function of (database, …) one of (run, …): one transaction, which commits only while the run is ours."""

    @functools.wraps(write)
    @tried_again()
    def transaction(run: StageRun, *args: P.args, **kwargs: P.kwargs) -> R:
        db.session.rollback()
        try:
            with writing():
                written = write(db.session.connection(), *args, **kwargs)
                run.check()
                db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        return written

    return transaction


def _begin(run: StageRun, base_url: str) -> Place:
    """Where nothing is to be changed, nothing is written either: that would pass for a step forward."""
    place = _here()
    changes = sync_place.changes(place, base_url, _backfill(run.options["backfill_days"]))
    return _begun(run, place, changes) if changes else place


def _backfill(days: int) -> int:
    """No further than tickets are kept: else each sync would read again what each cleanup lets go."""
    return min(days, int(settings.current("tickets_kept_days")) or days)


@tried_again()
def _here() -> Any:
    with db.engine.connect() as database:
        return sync_place.read(database)


@_checked
def _begun(database: Connection, place: Place | None, changes: dict[str, Any]) -> Place:
    return sync_place.begin(database, place, changes)


@_checked
def _clear_piece(database: Connection, place: Place) -> Place:
    gone = mirror.remove_piece(database)
    return sync_place.move(database, place, is_clearing=gone > 0)


@_checked
def _keep(database: Connection, place: Place, page: IncrementalPage) -> Place:
    refused = mirror.put(database, page.items)
    changes: dict[str, Any] = {
        "cursor": page.cursor or place.cursor,
        "read_until": max(place.read_until, _last_seen(page)),
        "pages": place.pages + 1,
        "tickets": place.tickets + len(page.items),
        "deleted": place.deleted + sum(one.status == mirror.DELETED for one in page.items),
        "odd": place.odd + page.odd + refused,
    }
    if page.end_of_stream:
        changes |= {"ended_at": now(), "restarted_at": None}
    return sync_place.move(database, place, **changes)


def _last_seen(page: IncrementalPage) -> int:
    """Tickets come in the order of this time. One that is yet to come is none to go on from."""
    latest = int(now().timestamp())
    times = (one.generated_timestamp for one in page.items)
    return max((one for one in times if one <= latest), default=0)


def _restart(run: StageRun, place: Place, status: int) -> Place:
    """Go on by time, since the cursor is refused."""
    is_again = place.restarted_at is not None and place.read_until <= place.restarted_at
    place = _by_time(run, place, status, is_again)
    if is_again:
        raise StageFailed("no_cursor_holds", NO_CURSOR_HOLDS)
    return place


@_checked
def _by_time(database: Connection, place: Place, status: int, is_end: bool) -> Place:
    begins = max(place.since, place.read_until - OVERLAP)
    words = (
        f"Zendesk no longer knew the place where its export stood (it answered {status}), so it went on from "
        f"{shown(begins)}. Nothing is missing; tickets that came twice are there once."
    )
    return sync_place.move(
        database,
        place,
        cursor=None,
        read_until=begins,
        restarted_at=None if is_end else place.read_until,
        ended_at=now() if is_end else None,
        note=noted(place.note, words),
    )


@_checked
def _earlier(database: Connection, place: Place) -> Place:
    """Begin earlier, twice as far back each time, since Zendesk's clock is behind ours."""
    begins = place.read_until - max(DAY, int(now().timestamp()) - place.read_until)
    if begins <= 0:
        raise StageFailed("clock_is_wrong", CLOCK_IS_WRONG)
    words = f"Zendesk's clock is behind ours, so it began earlier than asked, at {shown(begins)}."
    since = min(place.since, begins)
    note = noted(place.note, words)
    return sync_place.move(database, place, since=since, read_until=begins, note=note)
