"""What a plan has to be agreed to with, told with the option by which that is done here."""

from typing import Any

from app.models import Job
from app.services import agreeing
from app.services.agreeing import Agreement
from app.services.job_report import report

OPTIONS = {
    "agreed_to_part": "--only-first",
    "agreed_without": "--without-parts",
    "typed_count": "--count N",
}


def wanted(one: Agreement) -> str:
    return f"{one.known} Agree with {OPTIONS[one.field]}."


def status(job: Job) -> dict[str, Any]:
    """The status JSON, whose needs name the fields of the API otherwise."""
    told = report(job)
    here = {one.field: wanted(one) for one in agreeing.needed(job)} if told["needs"] else {}
    needs = [one | {"words": here.get(one["field"], one["words"])} for one in told["needs"]]
    return told | {"needs": needs}
