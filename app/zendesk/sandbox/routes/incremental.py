"""Incremental exports of tickets, by cursor and by time. They are for admins."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ..answers import Answer, bad_paging, bad_request, refusal
from ..asking import Request, is_id
from ..chronicle import Entry
from ..clock import SECOND
from ..routing import Routes
from ..ticket import Ticket

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
_NUMBER_IN_FRONT = re.compile(r"[0-9]+")
# So many places of the chronicle for each ticket of a page: beyond, the page comes short or empty.
_LOOKED_AT = 4


@routes.get("/incremental/tickets/cursor")
def by_cursor(sandbox: "Sandbox", request: Request) -> Answer:
    """Every ticket that something reached, deleted and archived ones too, once it is a minute ago.

    A ticket that changes between two pages comes again.
    """
    request.must_be_admin()
    chronicle = sandbox.desk.tickets.chronicle
    cursor = request.query.get("cursor")
    last = entry_of(cursor) if cursor else (start_of(sandbox, request) - 1, 0)
    place = chronicle.after(last)
    tickets, end = _read(sandbox, place, size_of(sandbox, request))
    after = cursor_of(chronicle[end - 1] if end > place else last)
    kept = {name: value for name, value in request.query.items() if name == "per_page"}
    return Answer(
        {
            "tickets": [ticket.to_export(request.base_url) for ticket in tickets],
            "after_url": f"{request.url}?{urlencode({**kept, 'cursor': after})}",
            "after_cursor": after,
            "before_url": None,
            "before_cursor": None,
            "end_of_stream": end >= _limit(sandbox),
        }
    )


@routes.get("/incremental/tickets")
def by_time(sandbox: "Sandbox", request: Request) -> Answer:
    """A page is full unless it is the last: clients stop at the first that holds fewer.

    The next page begins with the second in which this one ended, so tickets of that second come
    twice, the last ones of all again with the next question. More tickets in one second than a
    page holds make it give the same page for ever, as Zendesk's does.
    """
    request.must_be_admin()
    start, size = start_of(sandbox, request), size_of(sandbox, request)
    tickets, end_of_stream = _since(sandbox, start, size)
    end_time = (tickets[-1].touched_at if tickets else start) // SECOND
    kept = {name: value for name, value in request.query.items() if name != "start_time"}
    query = urlencode({**kept, "start_time": end_time})
    return Answer(
        {
            "tickets": [ticket.to_export(request.base_url) for ticket in tickets],
            "count": len(tickets),
            "end_time": end_time,
            "end_of_stream": end_of_stream,
            "next_page": f"{request.url}?{query}",
        }
    )


def _since(sandbox: "Sandbox", start: int, size: int) -> tuple[list[Ticket], bool]:
    """The first so many tickets since then, and whether there are no more."""
    place, limit = sandbox.desk.tickets.chronicle.from_moment(start), _limit(sandbox)
    tickets: list[Ticket] = []
    while place < limit and len(tickets) < size:
        more, place = _read(sandbox, place, size - len(tickets))
        tickets += more
    return tickets, place >= limit


def _read(sandbox: "Sandbox", place: int, size: int) -> tuple[list[Ticket], int]:
    """Up to so many tickets from that place on, and the place to go on from."""
    chronicle, limit = sandbox.desk.tickets.chronicle, _limit(sandbox)
    end = min(limit, place + size * _LOOKED_AT)
    tickets: list[Ticket] = []
    while place < end and len(tickets) < size:
        moment, ticket_id = chronicle[place]
        ticket = sandbox.desk.tickets.even_deleted(ticket_id)
        # A ticket that changed since stands at a later place as well.
        if ticket and ticket.touched_at == moment:
            tickets.append(ticket)
        place += 1
    return tickets, max(place, 0)


def _limit(sandbox: "Sandbox") -> int:
    newest = sandbox.clock.now() - sandbox.settings.incremental_delay * SECOND
    return sandbox.desk.tickets.chronicle.from_moment(newest)


def start_of(sandbox: "Sandbox", request: Request) -> int:
    # The common tap sends 1704067200.0, and a date to see whether it may ask at all: Zendesk
    # goes by the number in front.
    found = _NUMBER_IN_FRONT.match(request.query.get("start_time", ""))
    text = found.group() if found else ""
    if not is_id(text):
        raise bad_request("start_time must be a Unix time")
    start = int(text) * SECOND
    if start > sandbox.clock.now() - sandbox.settings.incremental_delay * SECOND:
        words = "Too recent start_time. Use a start_time older than 60 seconds"
        raise refusal(400, "StartTimeTooRecent", words)
    return start


def size_of(sandbox: "Sandbox", request: Request) -> int:
    text = request.query.get("per_page") or str(sandbox.settings.incremental_page)
    if not text.isdigit() or int(text) < 1:
        raise bad_paging("per_page must be an integer above zero")
    return min(int(text), sandbox.settings.incremental_page)


def cursor_of(entry: Entry) -> str:
    """As `1695052663.0||28|`: seconds, and the ticket's id."""
    moment, ticket_id = entry
    fraction = f"{moment % SECOND:06d}".rstrip("0") or "0"
    return urlsafe_b64encode(f"{moment // SECOND}.{fraction}||{ticket_id}|".encode()).decode()


def entry_of(cursor: str) -> Entry:
    try:
        moment, _, rest = urlsafe_b64decode(cursor.encode()).decode().partition("||")
        seconds, _, fraction = moment.partition(".")
        return int(seconds) * SECOND + int(fraction.ljust(6, "0")), int(rest.rstrip("|"))
    except ValueError:
        raise bad_paging("The cursor is not valid") from None
