"""Jobs, as programs make them and look at them."""

from typing import Annotated, Any
from uuid import UUID

from flask import current_app, url_for
from pydantic import Field

from app.access import address, job_or_404, me
from app.api import bp, repeating, shapes
from app.api.endpoint import Answer, endpoint
from app.api.paging import Cursor, cursor_of, no_place, number_in, place_in
from app.api.problems import at
from app.forms import orders
from app.forms.program import Part
from app.models import Job, JobStatus, Outcome, Scope
from app.services import job_list, jobs, ledger_list, presence
from app.services.export import row_of
from app.services.job_order import Place, Sort
from app.services.job_report import report
from app.services.job_search import Search
from app.services.ledger_filter import Filter
from app.tasks.launching import start

MOST_JOBS, MOST_TICKETS = 100, 1000


class JobsAsked(Part):
    status: JobStatus | None = None
    tool: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")] | None = None
    cursor: Cursor | None = None
    limit: int = Field(25, ge=1, le=MOST_JOBS, description="How many on a page.")


class TicketsAsked(Part):
    outcome: list[Outcome] = Field([], description="Only these results. May be repeated.")
    cursor: Cursor | None = None
    limit: int = Field(100, ge=1, le=MOST_TICKETS, description="How many on a page.")


@bp.post("/jobs")
@endpoint(
    "Make a job",
    scope=Scope.WRITE,
    body=orders.adapter,
    answer=shapes.Job,
    status=201,
    repeatable=True,
)
def create_job(body: Any) -> Answer:
    """Make a job: a plan of what is to be done to which tickets. With `dry_run`, which is the default, nothing is
    written before the plan is applied. A job of at most 500 tickets may be over when you read the answer; a larger
    one goes on in the background, and `GET /api/v1/jobs/{job_id}` tells how far it is."""
    order = orders.order_of(body)
    job_id = jobs.create(me(), repeating.marked(order), address()).job_id
    start(job_id)
    return made(job_id)


@bp.get("/jobs")
@endpoint("List jobs", query=JobsAsked, answer=shapes.Jobs)
def list_jobs(query: JobsAsked) -> shapes.Jobs:
    """The jobs that you may see, newest first."""
    if query.tool and all(tool.slug != query.tool for tool in current_app.extensions["tools"]):
        raise at("tool", "There is no such tool.")
    listed = job_list.page(
        me(), Search(status=query.status, tool=query.tool), after=_place(query), size=query.limit
    )
    here = presence.look()
    return shapes.Jobs(
        jobs=[shapes.Job(**report(job, here)) for job in listed.items],
        next_cursor=cursor_of(listed.next),
    )


@bp.get("/jobs/<uuid:job_id>")
@endpoint("Look at a job", answer=shapes.Job, problems=(404,))
def show_job(job_id: UUID) -> shapes.Job:
    """How the job stands. Asked every few seconds it tells when the job is over: `is_over`."""
    return shape_of(job_or_404(job_id))


@bp.get("/jobs/<uuid:job_id>/tickets")
@endpoint("List the tickets of a job", query=TicketsAsked, answer=shapes.Tickets, problems=(404,))
def list_tickets(job_id: UUID, query: TicketsAsked) -> shapes.Tickets:
    """What will become of each ticket or became of it, in the order of the selection."""
    wanted = Filter(outcomes=tuple(one for one in Outcome if one in query.outcome))
    after = number_in(query.cursor)
    listed = ledger_list.rows(job_or_404(job_id), wanted, query.limit, after)
    return shapes.Tickets(
        tickets=[shapes.Ticket(**row_of(one)) for one in listed.items],
        next_cursor=cursor_of(listed.next),
    )


def made(job_id: str) -> Answer:
    """Of a job that was made."""
    content = shape_of(job_or_404(UUID(job_id)))
    return Answer(content, 201, url_for("api.show_job", job_id=job_id))


def shape_of(job: Job) -> shapes.Job:
    return shapes.Job(**report(job))


def _place(query: JobsAsked) -> Place | None:
    text = place_in(query.cursor)
    place = Place.parse(text, Sort.NEWEST) if text is not None else None
    if text is not None and place is None:
        raise no_place()
    return place
