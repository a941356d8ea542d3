"""What people do to jobs."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import asked
from app.access import address, job_or_404, job_to_write_or_404, me
from app.extensions import db
from app.jobs import agreement, bp, table
from app.models import Job
from app.services import approving, jobs, ledger_list, lineage, unticking
from app.services.agreeing import NotAgreed, PlanChanged
from app.services.ledger_filter import Filter
from app.services.lineage import NothingToFollow, Relation
from app.services.permissions import NotPermitted
from app.tasks.launching import start


@bp.post("/<uuid:job_id>/apply")
def apply(job_id: UUID) -> ResponseReturnValue:
    job = job_or_404(job_id)
    digest = request.form.get("plan_digest", "")
    said = agreement.read()
    canary = bool(request.form.get("canary"))
    try:
        jobs.apply(job, digest, me(), **vars(said), canary=canary, address=address())
    except NotAgreed:
        db.session.rollback()
        agreement.keep(job, said, canary=canary)
        return redirect(_page_of(job))
    except PlanChanged as error:
        db.session.rollback()
        flash(str(error), "danger")
        return redirect(_page_of(job))
    return _set_off(job)


@bp.post("/<uuid:job_id>/approve")
def approve(job_id: UUID) -> ResponseReturnValue:
    """As a second person. The plan starts, if its start was asked for."""
    job = job_or_404(job_id)
    approving.check_answer(me(), job)
    try:
        started = jobs.approve(job, request.form.get("plan_digest", ""), me(), address())
    except PlanChanged as error:
        db.session.rollback()
        flash(f"The plan was not started. {error}", "danger")
        return redirect(_page_of(job))
    except NotPermitted as error:
        db.session.rollback()
        words = "Whoever asked for this may not have it done any more, so it was not started. They are told"
        flash(f"{words}: “{error}”", "danger")
        return redirect(_page_of(job))
    if not started:
        flash("Approved. The job goes on as soon as its owner says so.", "success")
    return _set_off(job)


@bp.post("/<uuid:job_id>/reject")
def reject(job_id: UUID) -> ResponseReturnValue:
    job = job_or_404(job_id)
    digest, note = request.form.get("plan_digest", ""), request.form.get("note", "")
    try:
        approving.reject(job, digest, me(), note, address())
        db.session.commit()
        flash("Not approved. The plan stays as it is, and its page says why.", "success")
    except PlanChanged as error:
        db.session.rollback()
        flash(str(error), "danger")
    return redirect(_page_of(job))


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
    return redirect(_place_in_table(job))


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
    job = job_or_404(job_id)
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
    """Try again what failed: all of it, or what the address asks for as it does of the table."""
    return _follow(job_id, Relation.RETRY, table.of_address().filter)


@bp.post("/<uuid:job_id>/finish")
def finish(job_id: UUID) -> ResponseReturnValue:
    return _follow(job_id, Relation.FINISH)


@bp.post("/<uuid:job_id>/rerun")
def rerun(job_id: UUID) -> ResponseReturnValue:
    return _follow(job_id, Relation.RERUN)


@bp.post("/<uuid:job_id>/undo")
def undo(job_id: UUID) -> ResponseReturnValue:
    return _follow(job_id, Relation.UNDO)


@bp.post("/<uuid:job_id>/undo-ticked")
def undo_ticked(job_id: UUID) -> ResponseReturnValue:
    """Undo the job on those of its tickets that were ticked."""
    ticked = tuple(sorted(_tickets("ticked")))
    if not ticked:
        flash("Tick the tickets that you want to undo.", "warning")
        return redirect(_place_in_table(job_to_write_or_404(job_id)))
    return _follow(job_id, Relation.UNDO, Filter(ticket_ids=ticked))


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


def _follow(job_id: UUID, relation: Relation, part: Filter = lineage.ALL) -> ResponseReturnValue:
    """Make the job that follows, of all that it may take or of a part, and show its plan."""
    job = job_or_404(job_id)
    try:
        return _set_off(lineage.follow(job, relation, me(), address(), part))
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


def _place_in_table(job: Job) -> str:
    """The page of the job's tickets that was shown."""
    place = table.of_address().place
    return url_for("jobs.show", job_id=job.job_id, **place, _anchor="tickets-title")


def _tickets(name: str) -> set[int]:
    """The ticket ids of the form under this name: no more than a page has."""
    return set(asked.zendesk_ids(request.form, name)[: ledger_list.TICKETS_A_PAGE])
