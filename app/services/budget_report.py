"""The rate budget as people are told of it: who used how much, and who waits for what."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from redis import RedisError

from app.extensions import db
from app.models import Job, User
from app.services import budget, connection, job_list, settings
from app.services.connection import NotConnected
from app.zendesk.endpoints import is_shared_with_people
from app.zendesk.rate_limit import ACCOUNT, Why

SENTENCES = {
    Why.MINUTE: "Our part of the account's minute is used up.",
    Why.ENDPOINT: "Zendesk's limit for this kind of call is used up.",
    Why.ASKED: "Zendesk has asked us to wait.",
    Why.TROUBLE: "Zendesk is in trouble; it is left alone for a while.",
    Why.SHARE: "Other jobs are in turn.",
    Why.LEARNING: "The first answer is awaited, which tells the account's limit.",
    Why.JOBS: "As many bulk changes as there is room for are with Zendesk.",
}


@dataclass(frozen=True)
class Limit:
    """One of Zendesk's limits, in calls a minute, and who used how much of it in the last minute."""

    name: str
    total: int
    ours: int
    others: int
    reserve: int
    held_seconds: float

    @property
    def free(self) -> int:
        """What jobs may still send."""
        return max(0, self.total - self.reserve - self.ours - self.others)

    def part(self, number: int) -> float:
        """As a share of the whole, in per cent, never more than that."""
        return round(100 * min(number, self.total) / self.total, 2)


@dataclass(frozen=True)
class Party:
    """Who waits, or has something in flight: a job, or what there is to say instead of its name."""

    name: str
    job_id: str | None = None


@dataclass(frozen=True)
class Waiting:
    party: Party
    seconds: float
    sentence: str


@dataclass(frozen=True)
class Picture:
    """The budget at this moment. `account` is None before the first answer from Zendesk."""

    account: Limit | None
    endpoints: list[Limit]
    waiting: list[Waiting]
    places: list[tuple[Party, int]]
    most_places: int
    chart: dict[str, Any]

    @property
    def places_taken(self) -> int:
        return sum(number for _, number in self.places)

    @property
    def places_are_full(self) -> bool:
        return self.places_taken >= self.most_places


@dataclass(frozen=True)
class Look:
    """The picture or, where there is none, the sentence that says why."""

    picture: Picture | None
    trouble: str = ""


def look(user: User) -> Look:
    """How the budget of the account in use stands. Zendesk is not asked."""
    try:
        return Look(picture(connection.account().base_url, user))
    except NotConnected as error:
        return Look(None, str(error))
    except RedisError:
        return Look(
            None,
            "Redis, which keeps the budget, cannot be reached. Jobs wait until it is back; nothing is lost.",
        )


def picture(base_url: str, user: User) -> Picture:
    """How the budget stands. Jobs that the person may not see have no name. Raises RedisError."""
    report = budget.of(base_url).report()
    names = {one["who"] for one in report["waits"] + report["slots"]}
    parties = _parties(names, user)
    limits = [_limit(one) for one in report["buckets"] if one.get("limit")]
    account = next((limit for limit in limits if limit.name == ACCOUNT), None)
    return Picture(
        account=account,
        endpoints=sorted((one for one in limits if one is not account), key=lambda one: one.name),
        waiting=[_waiting(one, parties) for one in report["waits"]],
        places=[(parties[one["who"]], one["slots"]) for one in report["slots"]],
        most_places=settings.current("max_in_flight"),
        chart=_chart(report, account),
    )


def _limit(told: dict[str, Any]) -> Limit:
    shared = told["name"] == ACCOUNT or is_shared_with_people(told["name"])
    percent = settings.current("reserve_percent") if shared else 0
    return Limit(
        name=told["name"],
        total=told["limit"],
        ours=told["ours"],
        others=told["others"],
        reserve=told["limit"] * percent // 100,
        held_seconds=told["hold"],
    )


def _parties(names: set[str], user: User) -> dict[str, Party]:
    jobs = (
        job_list.visible_to(user)
        .where(Job.job_id.in_(names))
        .with_only_columns(Job.job_id, Job.title)
    )
    titles = {row.job_id: row.title for row in db.session.execute(jobs)}
    parties = {name: Party("Somebody else's job") for name in names}
    parties |= {job_id: Party(title, job_id) for job_id, title in titles.items()}
    return parties | {
        budget.PAGES: Party("Pages that people look at"),
        budget.MACROS: Party("The copy of the macros"),
        budget.SYNC: Party("The sync of the tickets"),
    }


def _waiting(told: dict[str, Any], parties: dict[str, Party]) -> Waiting:
    return Waiting(parties[told["who"]], told["seconds"], SENTENCES[Why(told["reason"])])


def _chart(report: dict[str, Any], account: Limit | None) -> dict[str, Any]:
    """Lists of equal length, as charts want them: at each moment, the calls of the minute before it."""
    slots = report["chart"]
    size = round(current_app.config["ZENDESK_WINDOW_SECONDS"] / report["step"])
    ends = range(size, len(slots) + 1)
    total = account.total if account else None
    return {
        "at": [slots[end - 1]["at"] + report["step"] for end in ends],
        "ours": [sum(slot["ours"] for slot in slots[end - size : end]) for end in ends],
        "others": [sum(slot["others"] for slot in slots[end - size : end]) for end in ends],
        "limit": total,
        "for_jobs": total - account.reserve if account and total else None,
    }
