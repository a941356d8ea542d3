"""How a plan's macro reads on single tickets, before it is started."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import asked
from app.access import job_to_write_or_404
from app.jobs import bp
from app.services import preview

NO_TICKET = "Type the number of a ticket: digits only."


@bp.get("/<uuid:job_id>/preview")
def show_preview(job_id: UUID) -> ResponseReturnValue:
    """A page of its own; the job's page shows the part of it that has the id “preview”."""
    job = job_to_write_or_404(job_id)
    if not preview.possible(job):
        flash("A preview is there only for the plan of a macro, before it is started.", "warning")
        return redirect(url_for("jobs.show", job_id=job.job_id))
    typed = request.args.get("ticket", "").strip().lstrip("#")
    if typed and not _is_number(typed):
        shown = preview.Preview(trouble=NO_TICKET)
    else:
        after = asked.key("after")
        shown = preview.of(job, after=after, ticket_id=int(typed) if typed else None)
    return render_template("jobs/preview.html", job=job, shown=shown, typed=typed[:20])


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 20 and 0 < int(typed) < 2**63
