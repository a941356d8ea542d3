"""Pages and actions of jobs."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import ceil
from typing import Any, TypeVar
from uuid import UUID

from flask import (
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.access import address, job_or_404, job_to_write_or_404, me
from app.database import now
from app.extensions import db
from app.jobs import bp
from app.models import Job, JobStatus, Outcome
from app.services import (
    connection,
    estimate,
    export,
    job_list,
    jobs,
    lineage,
    presence,
    reversal,
    selections,
    unticking,
    verifying,
)
from app.services.connection import NotConnected
from app.services.engine import claiming
from app.services.engine.lease import WRITING
from app.services.job_report import report, waiting
from app.services.jobs import PlanChanged
from app.services.lineage import NothingToFollow, Relation
from app.tasks.launching import start

T = TypeVar("T")

STOP_POLLING = 286  # htmx's own status: swap this in, and ask no more


@bp.get("")
def index() -> str:
    all_tools = current_app.extensions["tools"]
    status = _choice("status", JobStatus)
    tool = _choice("tool", [tool.slug for tool in all_tools])
    listed = job_list.page(me(), status, tool, _number("before"), _number("after"))
    return render_template(
        "jobs/index.html",
        listed=listed,
        status=status,
        tool=tool,
        statuses=list(JobStatus),
        all_tools=all_tools,
    )


@bp.get("/<uuid:job_id>")
def show(job_id: UUID) -> str:
    job = job_or_404(job_id)
    outcomes = _outcomes()
    listed = job_list.tickets(job, outcomes, _number("after"), _number("before"))
    return render_template(
        "jobs/show.html",
        job=job,
        listed=listed,
        outcomes=outcomes,
        ticket_url=_ticket_url(),
        children=lineage.children(job),
        parent_words=_parent_words(job),
        untickable={one.ticket_id for one in listed.items if unticking.possible(job, one)},
        **_progress_of(job),
    )


@bp.get("/<uuid:job_id>/progress")
def progress(job_id: UUID) -> ResponseReturnValue:
    """The part of the page that changes while one watches. It rests where only a person can move the job."""
    job = job_or_404(job_id)
    rests = job.state.rests
    page = render_template("jobs/_progress.html", job=job, **_progress_of(job))
    headers = {"HX-Trigger": "job-rests"} if rests else {}
    return page, STOP_POLLING if rests else 200, headers


@bp.get("/<uuid:job_id>/status")
def status(job_id: UUID) -> Response:
    response = jsonify(report(job_or_404(job_id)))
    response.headers["Cache-Control"] = "private, no-cache"  # ask each time, with the ETag
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.post("/<uuid:job_id>/apply")
def apply(job_id: UUID) -> ResponseReturnValue:
    job = job_to_write_or_404(job_id)
    digest = request.form.get("plan_digest", "")
    try:
        jobs.apply(
            job,
            digest,
            me(),
            agreed_to_part=bool(request.form.get("agreed_to_part")),
            agreed_without=bool(request.form.get("agreed_without")),
            canary=bool(request.form.get("canary")),
            address=address(),
        )
    except PlanChanged as error:
        db.session.rollback()
        flash(str(error), "danger")
        return redirect(_page_of(job))
    return _set_off(job)


@bp.post("/<uuid:job_id>/untick")
def untick(job_id: UUID) -> ResponseReturnValue:
    """Leave out of the plan what is not ticked among the tickets that were shown."""
    job = job_to_write_or_404(job_id)
    ticked, shown = _tickets("ticked"), _tickets("shown")
    digest = request.form.get("plan_digest", "")
    try:
        unticking.untick(
            job, digest, me(), out=shown - ticked, back=shown & ticked, address=address()
        )
        db.session.commit()
    except PlanChanged as error:
        db.session.rollback()
        flash(str(error), "danger")
    place = url_for(
        "jobs.show",
        job_id=job.job_id,
        outcome=_outcomes(),
        after=_number("after"),
        before=_number("before"),
        _anchor="tickets-title",
    )
    return redirect(place)


@bp.post("/<uuid:job_id>/cancel")
def cancel(job_id: UUID) -> ResponseReturnValue:
    job = job_or_404(job_id)
    if not jobs.cancel(job, me(), address()):
        flash("It is too late to cancel: the job is over.", "warning")
    return _set_off(job)


@bp.post("/<uuid:job_id>/pause")
def pause(job_id: UUID) -> ResponseReturnValue:
    job = job_or_404(job_id)
    if not jobs.pause(job, me(), address()):
        flash("There is nothing to pause: the job is not running.", "warning")
    return _set_off(job)


@bp.post("/<uuid:job_id>/resume")
def resume(job_id: UUID) -> ResponseReturnValue:
    job = job_to_write_or_404(job_id)
    if not jobs.resume(job, me(), address()):
        flash("Only a paused or failed job can be resumed.", "warning")
    return _set_off(job)


@bp.post("/<uuid:job_id>/continue")
def go_on(job_id: UUID) -> ResponseReturnValue:
    """After the first tickets, or after the breaker: go on with the rest."""
    return resume(job_id)


@bp.post("/<uuid:job_id>/force")
def force(job_id: UUID) -> ResponseReturnValue:
    job = job_or_404(job_id)
    if not jobs.force(job, me(), address()):
        flash("There is nothing to force: the job is not waiting to stop any more.", "warning")
    return _set_off(job)


@bp.post("/<uuid:job_id>/retry")
def retry(job_id: UUID) -> ResponseReturnValue:
    return _follow(job_id, Relation.RETRY)


@bp.post("/<uuid:job_id>/finish")
def finish(job_id: UUID) -> ResponseReturnValue:
    return _follow(job_id, Relation.FINISH)


@bp.post("/<uuid:job_id>/rerun")
def rerun(job_id: UUID) -> ResponseReturnValue:
    return _follow(job_id, Relation.RERUN)


@bp.post("/<uuid:job_id>/undo")
def undo(job_id: UUID) -> ResponseReturnValue:
    return _follow(job_id, Relation.UNDO)


@bp.post("/<uuid:job_id>/verify")
def verify(job_id: UUID) -> ResponseReturnValue:
    return _follow(job_id, Relation.VERIFY)


@bp.post("/<uuid:job_id>/delete")
def delete(job_id: UUID) -> ResponseReturnValue:
    job = job_or_404(job_id)
    title = job.title
    if not jobs.delete(job, me(), address()):
        db.session.rollback()
        flash("Only a job that is over can be deleted. Cancel it first.", "warning")
        return redirect(_page_of(job))
    db.session.commit()
    flash(f"Deleted: {title}. The audit log keeps that it was there.", "success")
    return redirect(url_for("jobs.index"))


@bp.get("/<uuid:job_id>/export.csv")
def export_csv(job_id: UUID) -> Response:
    return _download(job_or_404(job_id), "csv", "text/csv; charset=utf-8", export.as_csv)


@bp.get("/<uuid:job_id>/export.json")
def export_json(job_id: UUID) -> Response:
    return _download(job_or_404(job_id), "json", "application/json", export.as_json)


def _download(
    job: Job, ending: str, kind: str, write: Callable[[int, list[Outcome]], Iterator[str]]
) -> Response:
    name = f"giga-tools-{job.tool_slug}-{job.job_id}.{ending}"
    response = make_response(stream_with_context(write(job.id, _outcomes())))
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _follow(job_id: UUID, relation: Relation) -> ResponseReturnValue:
    """Make the job that follows, and show its plan."""
    job = job_or_404(job_id) if relation is Relation.VERIFY else job_to_write_or_404(job_id)
    try:
        return _set_off(lineage.follow(job, relation, me(), address()))
    except NothingToFollow as error:
        flash(str(error), "warning")
        return redirect(_page_of(job))


def _set_off(job: Job) -> ResponseReturnValue:
    """Let the job take the step that was asked for, here or in a worker, and show it."""
    address_of_page = _page_of(job)
    start(job.job_id)
    return redirect(address_of_page)


def _page_of(job: Job) -> str:
    return url_for("jobs.show", job_id=job.job_id)


def _progress_of(job: Job) -> dict[str, Any]:
    here = presence.look()
    reason, until = waiting(job, here)
    is_planned = job.state is JobStatus.PLANNED
    return {
        "waiting": reason,
        "waiting_seconds": ceil(max(0, (until - now()).total_seconds())) if until else None,
        "here": here,
        "followings": lineage.offered(job),
        "reversal": reversal.of(job),
        "findings": verifying.findings(job),
        "canary": jobs.CANARY,
        "eta": None if reason else job.eta_seconds,
        "in_flight": claiming.number_in_flight(job) if job.state in WRITING else 0,
        "never_again": selections.never_again(job) if job.is_over else 0,
        "reversible": reversal.sentence(job) if is_planned else "",
        "estimate": estimate.of(job) if is_planned else None,
        "may_see": partial(job_list.may_see, me()),
    }


def _parent_words(job: Job) -> str:
    known = job.relation in set(Relation)
    return Relation(job.relation).of if known else "Follows from"


def _ticket_url() -> Callable[[int], str] | None:
    try:
        return connection.account().ticket_url
    except NotConnected:
        return None


def _outcomes() -> list[Outcome]:
    asked = request.args.getlist("outcome")
    return [outcome for outcome in Outcome if outcome in asked]


def _tickets(name: str) -> set[int]:
    """The ticket ids of the form under this name: no more than a page has."""
    ids = request.form.getlist(name, type=int)[: job_list.TICKETS_A_PAGE]
    return {one for one in ids if 0 < one < 2**63}


def _choice(name: str, known: Iterable[T]) -> T | None:
    """The one of the known values that the address asks for; None for any other."""
    asked = request.args.get(name)
    return next((value for value in known if value == asked), None)


def _number(name: str) -> int | None:
    """A key from the address; None for what cannot be one."""
    value = request.args.get(name, type=int)
    return value if value is not None and abs(value) < 2**31 else None
