"""What the tickets of a sealed plan come to: whom it writes to by e-mail, and how many of them may be refused.

Reckoned once, by the database, when the plan is sealed, and again when single tickets are left out. Kept with the job.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, select

from app.extensions import db
from app.models import Job, JobTicket, Outcome
from app.services.engine.lease import read_apart
from app.zendesk.client import Client
from app.zendesk.errors import ZendeskError

SHOWN = 5  # organisations
# So many are named, for when some of the first are left out of the plan.
NAMED = 20


@dataclass(frozen=True)
class Organization:
    id: int
    name: str  # empty where it is not known
    replies: int


@dataclass(frozen=True)
class Reach:
    """`several` of the people get more than one reply, nobody more than `most`.

    `lacks` counts tickets by the id of an empty field that must be filled in to solve them: `lacking` lack one at
    least. Of the `tried` tickets of a sample, `empty` counts those where a placeholder had nothing to fill in.
    """

    replies: int = 0
    people: int = 0
    several: int = 0
    most: int = 0
    organizations: tuple[Organization, ...] = ()
    organizations_in_all: int = 0
    lacking: int = 0
    lacks: Mapping[str, int] = field(default_factory=dict)
    tried: int = 0
    empty: Mapping[str, int] = field(default_factory=dict)

    @property
    def mail(self) -> str:
        """“1,300 public replies by e-mail to 1,240 people”."""
        replies = "public reply" if self.replies == 1 else "public replies"
        people = "person" if self.people == 1 else "people"
        return f"{self.replies:,} {replies} by e-mail to {self.people:,} {people}"


def of(job: Job) -> Reach | None:
    """None for a job whose operation writes to nobody, and before its plan is sealed."""
    if job.reach is None:
        return None
    kept = dict(job.reach)
    names = kept.pop("names")
    hit = [Organization(one, names.get(str(one), ""), number) for one, number in kept.pop("hit")]
    return Reach(**kept, organizations=tuple(hit[:SHOWN]))


def reckon(job: Job, client: Client, tried: dict[str, Any]) -> dict[str, Any]:
    """For a plan that is about to be sealed. `tried` is what its sample has shown.

    Names are asked of Zendesk; raises ZendeskError where asking again later can help.
    """
    sums = _read_apart(job)
    return sums | tried | {"names": _names(client, [one for one, _ in sums["hit"]])}


def reckon_anew(job: Job) -> None:
    """After tickets were left out of the plan, or taken in. Part of the caller's transaction."""
    if job.reach is not None:
        job.reach = job.reach | _sums(job)


def _sums(job: Job) -> dict[str, Any]:
    return _people(job) | _organizations(job) | _lacks(job)


_read_apart = read_apart(_sums)


def _people(job: Job) -> dict[str, int]:
    number = func.count().label("number")
    each = (
        select(number).where(*_written_to(job)).group_by(JobTicket.requester_id).subquery("people")
    )
    several = func.sum(case((each.c.number > 1, 1), else_=0))
    row = db.session.execute(
        select(func.sum(each.c.number), func.count(), several, func.max(each.c.number)).select_from(
            each
        )
    ).one()
    names = ("replies", "people", "several", "most")
    return {name: int(value or 0) for name, value in zip(names, row, strict=True)}


def _organizations(job: Job) -> dict[str, Any]:
    column, number = JobTicket.organization_id, func.count()
    theirs = (*_written_to(job), column.is_not(None))
    most_first = (
        select(column, number)
        .where(*theirs)
        .group_by(column)
        .order_by(number.desc(), column)
        .limit(NAMED)
    )
    in_all = db.session.scalar(select(func.count(column.distinct())).where(*theirs))
    hit = [list(row) for row in db.session.execute(most_first)]
    return {"hit": hit, "organizations_in_all": in_all or 0}


def _lacks(job: Job) -> dict[str, Any]:
    """Few tickets lack a set of fields that no other lacks."""
    column = JobTicket.lacks
    sets = select(column, func.count()).where(*_planned(job), column.is_not(None)).group_by(column)
    numbers: Counter[str] = Counter()
    lacking = 0
    for fields, number in db.session.execute(sets):
        lacking += number
        numbers.update(dict.fromkeys((fields or "").split(","), number))
    return {"lacking": lacking, "lacks": dict(numbers)}


def _planned(job: Job) -> tuple[Any, ...]:
    return JobTicket.job_id == job.id, JobTicket.outcome == Outcome.PLANNED


def _written_to(job: Job) -> tuple[Any, ...]:
    return *_planned(job), JobTicket.requester_id.is_not(None)


def _names(client: Client, organization_ids: list[int]) -> dict[str, str]:
    """Those that Zendesk tells: where it does not, their numbers must do."""
    if not organization_ids:
        return {}
    try:
        found = client.organizations(organization_ids)
    except ZendeskError as error:
        if error.can_retry:
            raise
        return {}
    return {str(one.id): one.name for one in found.values() if one.name}
