"""The table of a job's tickets: what the address asks of it, and what its template needs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request

from app import asked
from app.access import job_or_404, may_write
from app.database import now
from app.jobs import bp
from app.models import Job, Outcome
from app.services import connection, failures, ledger_list, lineage, unticking
from app.services.difference import has_ids
from app.services.failures import Failures
from app.services.ledger_filter import Filter
from app.services.lineage import Relation
from app.services.macro_library import names
from app.services.reasons import Reason
from app.services.ticket_ids import parse_ids

# As many as an address can hold; more are better found in the export.
MOST_IDS = 200


@dataclass(frozen=True)
class Asked:
    """`typed` are the ticket numbers as they were typed, `trouble` what is wrong with them."""

    filter: Filter
    typed: str
    trouble: str
    after: int | None
    before: int | None

    @property
    def address(self) -> dict[str, Any]:
        """The filter, as arguments of an address."""
        return {
            "outcome": list(self.filter.outcomes),
            "reason": list(self.filter.reasons),
            "ticket": self.typed or None,
            "like": self.filter.like,
        }

    @property
    def place(self) -> dict[str, Any]:
        """The filter and the page, as arguments of an address."""
        return self.address | {"after": self.after, "before": self.before}


def of_address() -> Asked:
    typed = " ".join(request.args.get("ticket", "").split())
    named = parse_ids(typed)
    wanted = Filter(
        outcomes=tuple(asked.outcomes()),
        reasons=tuple(one for one in Reason if one in request.args.getlist("reason")),
        ticket_ids=tuple(named.ids[:MOST_IDS]) if typed else None,
        like=asked.zendesk_id("like"),
    )
    return Asked(
        wanted,
        typed,
        _trouble(list(named.bad.values()), len(named.ids)),
        asked.key("after"),
        asked.key("before"),
    )


def _trouble(bad: list[str], number: int) -> str:
    if bad:
        return f"“{bad[0][:40]}” is no ticket number. Type numbers such as 123 or #123, with commas between them."
    if number > MOST_IDS:
        return f"Only the first {MOST_IDS} ticket numbers are looked for. The exports have all tickets."
    return ""


@bp.get("/<uuid:job_id>/tickets")
def tickets(job_id: UUID) -> str:
    """The table alone, for a page that brings it up to date."""
    job = job_or_404(job_id)
    return render_template("jobs/_tickets.html", job=job, **look(job))


def look(job: Job) -> dict[str, Any]:
    """What the template of the table needs."""
    wanted = of_address()
    page = ledger_list.page(job, wanted.filter, after=wanted.after, before=wanted.before)
    rows = page.listed.items
    may_change = may_write(job)
    can_undo = may_change and Relation.UNDO in lineage.possible(job)
    return {
        "page": page,
        "listed": page.listed,
        "wanted": wanted,
        "where": wanted.address,
        "place": wanted.place,
        "reasons": _offered(page.reasons, wanted.filter),
        "settled": [one for one in Outcome if one is not Outcome.PLANNED and job.counts[one]],
        "as_of": None if job.state.rests else now(),
        "failures": failures.of(job) if job.state.rests else Failures([]),
        "ticket_url": connection.ticket_urls(),
        "names": names.known() if any(map(has_ids, rows)) else None,
        "may_retry": may_change and job.is_over,
        "untickable": {
            one.ticket_id for one in rows if may_change and unticking.possible(job, one)
        },
        "undoable": {one.ticket_id for one in rows if can_undo and one.outcome == Outcome.CHANGED},
    }


def _offered(reasons: dict[Reason, int], wanted: Filter) -> dict[Reason, int]:
    """The reasons to choose from: of the outcomes that are shown, and those that are chosen."""
    return {
        one: number
        for one, number in reasons.items()
        if not wanted.outcomes or one.outcome in wanted.outcomes or one in wanted.reasons
    }
