"""What was agreed to on a plan's page: read from its form, and kept for when the page is shown again."""

from typing import Any

from flask import request, session

from app.models import Job, JobStatus
from app.services import agreeing
from app.services.agreeing import Said

KEPT = "said"
LONGEST = 40  # characters of what was typed as a number


def read() -> Said:
    return Said(
        agreed_to_part=bool(request.form.get("agreed_to_part")),
        agreed_without=bool(request.form.get("agreed_without")),
        typed_count=request.form.get("typed_count", "").strip()[:LONGEST],
    )


def keep(job: Job, said: Said, *, canary: bool) -> None:
    """Until the page is shown the next time: it says what is missing, and still has what was typed and ticked."""
    session[KEPT] = {"job_id": job.job_id, "canary": canary, "said": vars(said)}


def refused(job: Job) -> dict[str, Any]:
    """For the page: what was said, and what is wrong with that, by field. Empty unless it was just refused."""
    if session.get(KEPT, {}).get("job_id") != job.job_id:
        return {}
    kept = session.pop(KEPT)
    if job.state is not JobStatus.PLANNED:
        return {}
    said = Said(**kept["said"])
    refusals = {one.field: one.for_person for one in agreeing.missing(job, said)}
    return {"refusals": refusals, "said": vars(said) | {"canary": kept["canary"]}}
