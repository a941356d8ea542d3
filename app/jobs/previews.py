"""How a plan's macro reads on single tickets, before it is started."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import asked
from app.access import job_to_write_or_404, me
from app.jobs import bp
from app.models import Job
from app.services import allowance, preview
from app.services.preview import Preview
from app.services.ticket_ids import NoTicket, the_one

LONGEST = 300  # characters of what is typed


@bp.get("/<uuid:job_id>/preview")
def show_preview(job_id: UUID) -> ResponseReturnValue:
    """A page of its own; the job's page shows the part of it that has the id “preview”."""
    job = job_to_write_or_404(job_id)
    if not preview.possible(job):
        flash("A preview is there only for the plan of a macro, before it is started.", "warning")
        return redirect(url_for("jobs.show", job_id=job.job_id))
    typed = asked.text("ticket", LONGEST)
    return render_template("jobs/preview.html", job=job, shown=_shown(job, typed), typed=typed)


def _shown(job: Job, typed: str) -> Preview:
    if not allowance.take(me()):
        return Preview(trouble=allowance.TROUBLE)
    if not typed:
        return preview.of(job, after=asked.key("after"))
    try:
        return preview.of(job, ticket_id=the_one(typed))
    except NoTicket as error:
        return Preview(trouble=str(error))
