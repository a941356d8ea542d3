"""What somebody has to agree to before a plan is started, each thing in a field of its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.models import Job
from app.services import cautions, operations, reach
from app.services.operations import UnknownOperation

_BETWEEN_DIGITS = re.compile(r"[\s,']")  # spaces of any width too


# Under these an undo keeps, in sentences, what harm it does, and what an undo of it would do.
HARM, HARM_AGAIN = "harm", "harm_again"

# Of a plan that an earlier version of ours has made.
UNCOUNTED = "Nobody has counted whom this plan writes to. Plan it again to see that."


class PlanChanged(Exception):
    """What was agreed to is not what the job would do. Its message says so."""


class NotAgreed(PlanChanged):
    """Something was not agreed to that has to be. `missing` says what, and how it is agreed to here or there."""

    def __init__(self, missing: "list[Agreement]"):
        super().__init__(" ".join(one.fact for one in missing))
        self.missing = missing


@dataclass(frozen=True)
class Said:
    """What was agreed to, by the names of the form's fields."""

    agreed_to_part: bool = False  # with the first tickets of the selection alone
    agreed_without: bool = False  # without what bulk leaves out
    typed_count: str = ""  # the number of tickets, as it was typed


@dataclass(frozen=True)
class Agreement:
    """`field` is the one in which it is given, `why` what the person should know before they give it.

    `fact` is what they agree to, as a sentence; `on_page` says what to do in the form, and `value` is what a program
    sends, as JSON.
    """

    field: str
    fact: str
    on_page: str
    value: str
    is_given: Callable[[Said], bool]
    why: str = ""

    @property
    def for_person(self) -> str:
        """Why the plan was not started, beside the field on its page."""
        return f"{self.fact} {self.on_page}"

    @property
    def for_program(self) -> str:
        """What is wanted of a program, which sees no page."""
        return f'{self.known} Send "{self.field}": {self.value} to say that this is what you want.'

    @property
    def known(self) -> str:
        return f"{self.why} {self.fact}".strip()


def check(job: Job, said: Said) -> None:
    """Raises NotAgreed if the job may not be started with what was said."""
    if left := missing(job, said):
        raise NotAgreed(left)


def missing(job: Job, said: Said) -> list[Agreement]:
    return [one for one in needed(job) if not one.is_given(said)]


def needed(job: Job) -> list[Agreement]:
    """What the start of the job's plan, as it is now, has to be agreed to with."""
    agreements = []
    if job.truncated:
        agreements.append(_to_part(job))
    if job.left_out:
        agreements.append(_without())
    if why := harm(job):
        agreements.append(_count(job, why))
    return agreements


def harm(job: Job) -> str:
    """What harm the job does if it was started by mistake, in sentences. Empty if it is not great.

    Who starts such a job types the number of its tickets.
    """
    return " ".join(one for one in (_mail(job), lost_tags(job)) if one)


def _mail(job: Job) -> str:
    reached = reach.of(job)
    if reached is None and "macro_id" in job.arguments:
        return UNCOUNTED
    if not reached or not reached.replies:
        return ""
    return f"This sends {reached.mail}. What is sent cannot be taken back."


def lost_tags(job: Job) -> str:
    """What of the tickets is lost, whatever is sent to anybody."""
    found = (_of_macro(job), _of_operation(job), (job.pinned or {}).get(HARM, ""))
    return " ".join(one for one in found if one)


def _of_macro(job: Job) -> str:
    """A macro that sets tags wipes as much as the tag manager does."""
    if all(one.code != "set_tags" for one in cautions.of(job)):
        return ""
    return "The macro sets the tags: all other tags that these tickets have now are lost."


def _of_operation(job: Job) -> str:
    try:
        return operations.named(job.operation).harm
    except UnknownOperation:
        return ""


def number_in(typed: str) -> int | None:
    """The number in “1,240”, “1240” or “1 240”. None where there is none."""
    digits = _BETWEEN_DIGITS.sub("", typed)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None


def _to_part(job: Job) -> Agreement:
    return Agreement(
        "agreed_to_part",
        f"The plan has only the first {job.total_items:,} tickets of the selection.",
        "Tick the box to say that this is what you want.",
        "true",
        lambda said: said.agreed_to_part,
    )


def _without() -> Agreement:
    return Agreement(
        "agreed_without",
        "A part of the macro is left out when it is applied in bulk.",
        "Tick the box to go on without it.",
        "true",
        lambda said: said.agreed_without,
    )


def _count(job: Job, why: str) -> Agreement:
    number = job.planned_count
    return Agreement(
        "typed_count",
        f"This plan changes {number:,} {'ticket' if number == 1 else 'tickets'}.",
        f"Type {number:,} to say that this is what you want.",
        str(number),
        lambda said: number_in(said.typed_count) == number,
        why,
    )
