"""What somebody should know of a macro's plan before they start it, with the plan's own numbers."""

from app.models import Job
from app.services import reach
from app.services.macros.lint import Finding, with_numbers


def of(job: Job) -> list[Finding]:
    """Without what is left out, which the plan says by itself. None for what is no macro."""
    pinned = job.pinned or {}
    found = [Finding.of(one) for one in pinned.get("lint", ()) if one["code"] != "left_out"]
    reached = reach.of(job)
    return with_numbers(found, reached, pinned.get("required", {})) if reached else found
