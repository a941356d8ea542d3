"""Which job is meant."""

import re

from app.access import me
from app.cli.jobs.group import refuse
from app.models import Job
from app.services import job_list

_A_START = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}")


def named(text: str) -> Job:
    """The job whose id this is, or begins so. One that the person may not see does not exist for them."""
    start = text.strip().lower()
    if not _A_START.fullmatch(start):
        raise refuse("Name the job by its id, or by how it begins: 8 characters or more.")
    found = job_list.starting(me(), start)
    if not found:
        raise refuse(f"There is no job {start} that {me().email} may see. See: flask jobs list")
    if len(found) > 1:
        raise refuse(f"Several jobs begin with {start}. Give more of the id.")
    return found[0]
