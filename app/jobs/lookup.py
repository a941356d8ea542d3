"""Looking a ticket up: every job that had it, and what became of it there."""

from flask import render_template

from app import asked
from app.access import me
from app.jobs import bp
from app.services import connection, ticket_history
from app.services.ticket_ids import NoTicket, the_one

LONGEST = 300  # characters of what is typed


@bp.get("/tickets")
def look_up() -> str:
    typed = asked.text("ticket", LONGEST)
    page = {"typed": typed, "ticket_id": None, "trouble": "", "listed": None}
    if typed:
        page |= _found(typed)
    return render_template("jobs/tickets.html", **page)


def _found(typed: str) -> dict[str, object]:
    try:
        ticket_id = the_one(typed)
    except NoTicket as error:
        return {"trouble": str(error)}
    listed = ticket_history.page(
        me(), ticket_id, before=asked.key("before"), after=asked.key("after")
    )
    return {"ticket_id": ticket_id, "listed": listed, "ticket_url": connection.ticket_urls()}
