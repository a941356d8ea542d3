"""What a job can be waiting for, and how a person is told."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class WaitReason(StrEnum):
    RATE_LIMIT = "rate_limit"
    BUDGET = "budget"
    ENDPOINT = "endpoint"
    LEARNING = "learning"
    TOO_MANY_JOBS = "too_many_jobs"
    IN_FLIGHT = "in_flight"
    ZENDESK = "zendesk"
    SIGN_IN = "sign_in"
    OTHER_JOB = "other_job"
    LOST_ANSWER = "lost_answer"
    INTERNAL = "internal"
    REDIS = "redis"
    WORKER = "worker"
    WRITING_STOPPED = "writing_stopped"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]

    @property
    def for_what(self) -> str:
        """What it was that the job waited for, once that is over."""
        return FOR_WHAT[self]


SENTENCES = {
    WaitReason.RATE_LIMIT: (
        "Zendesk has asked us to wait, since its limit is used up. The job goes on by itself."
    ),
    WaitReason.BUDGET: (
        "Giga Tools has used its part of Zendesk's minute limit; the rest is kept for the people who work in "
        "Zendesk. The job goes on by itself when there is room again."
    ),
    WaitReason.ENDPOINT: (
        "Zendesk's limit for this kind of call is used up. The job goes on by itself, within a minute."
    ),
    WaitReason.LEARNING: (
        "The first answer from Zendesk is awaited, which tells how much the account permits. The job goes on "
        "by itself."
    ),
    WaitReason.IN_FLIGHT: (
        "Other jobs have as many bulk changes with Zendesk as there is room for. This one goes on by itself, in "
        "turn with them."
    ),
    WaitReason.TOO_MANY_JOBS: (
        "Zendesk is busy with as many bulk changes as it takes from one account. The job goes on by "
        "itself when some of them are done."
    ),
    WaitReason.ZENDESK: (
        "Zendesk cannot be reached or is in trouble. The job tries again by itself; nothing is lost."
    ),
    WaitReason.SIGN_IN: (
        "Zendesk does not accept the connection's credentials. The job goes on by itself once an admin "
        "has mended them; nothing is lost."
    ),
    WaitReason.OTHER_JOB: (
        "Another job is changing some of the same tickets. This one goes on when it is done with them."
    ),
    WaitReason.LOST_ANSWER: (
        "An answer from Zendesk was lost. The tickets of that call are looked at in a minute, before "
        "any of them is sent again."
    ),
    WaitReason.INTERNAL: (
        "Something went wrong on our side. The job tries again by itself; nothing is lost. If it "
        "happens again, tell your admin."
    ),
    WaitReason.REDIS: (
        "Redis, which passes work to the workers, cannot be reached. The job goes on by itself when "
        "Redis is back; nothing is lost."
    ),
    WaitReason.WORKER: (
        "No worker is running. The job goes on by itself as soon as one does; nothing is lost."
    ),
    WaitReason.WRITING_STOPPED: (
        "An admin has stopped all writing to Zendesk. The job goes on by itself, within seconds, when that is lifted; "
        "nothing is lost."
    ),
}

# “Waited 2 min for …”
FOR_WHAT = {
    WaitReason.RATE_LIMIT: "Zendesk's minute limit",
    WaitReason.BUDGET: "our part of Zendesk's minute limit",
    WaitReason.ENDPOINT: "Zendesk's limit for this kind of call",
    WaitReason.LEARNING: "the first answer from Zendesk",
    WaitReason.IN_FLIGHT: "the bulk changes of other jobs",
    WaitReason.TOO_MANY_JOBS: "Zendesk to finish other bulk changes",
    WaitReason.ZENDESK: "Zendesk to answer again",
    WaitReason.SIGN_IN: "the connection's credentials to be mended",
    WaitReason.OTHER_JOB: "another job with some of the same tickets",
    WaitReason.LOST_ANSWER: "the tickets of an answer that was lost",
    WaitReason.INTERNAL: "another try after a fault of ours",
    WaitReason.REDIS: "Redis to be back",
    WaitReason.WORKER: "a worker",
    WaitReason.WRITING_STOPPED: "writing to be allowed again",
}


@dataclass(frozen=True)
class Wait:
    """How long a job is to be left alone: seconds, or None for until somebody asks.

    `for_job` is the key of the job that it waits for.
    """

    seconds: float | None
    reason: WaitReason | None = None
    setbacks: int = 0
    for_job: int | None = None

    @classmethod
    def none(cls) -> Self:
        return cls(None)

    @classmethod
    def at_once(cls) -> Self:
        return cls(0.0)
