"""The rules by which faults happen, as they are written in the settings."""

from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any

# Something else answers: Zendesk's doorway, a proxy, or nobody. Nothing is counted or done.
AT_THE_DOOR = frozenset({"cut_before", "html_500", "unavailable", "revoked_token"})
# Zendesk itself refuses, and the request counts against the account's minute.
INSTEAD = frozenset(
    {
        "rate_limited",
        "rate_limited_silent",
        "rate_limited_conditional",
        "rate_limited_plain",
        "unknown_404",
    }
)
# The work is done, and then the answer goes wrong.
AFTERWARDS = frozenset({"cut_after", "garbage", "empty"})
SLOW = "slow"
JOB_KINDS = frozenset(
    {
        "job_queued_long",
        "job_stalls",
        "job_fails_halfway",
        "job_killed",
        "job_loses_results",
        "job_forgotten",
        "job_404_for_a_moment",
    }
)
_AMOUNTS = {
    "probability": float,
    "times": int,
    "after": int,
    "seconds": float,
    "retry_after": int,
    "share": float,
}
KINDS = AT_THE_DOOR | INSTEAD | AFTERWARDS | {SLOW} | JOB_KINDS


@dataclass(frozen=True)
class Rule:
    """One line of the setting `faults`.

    `route` is a glob over "PUT /tickets/{id}" or "PUT /tickets/5"; of a job's kinds, over the call
    that queues the job. The rule passes over the first `after` requests that match, and ends once
    it has struck `times` times.

    `seconds`: how late a slow answer comes (real seconds); how long a job is queued, stalls or
    is not found (virtual ones), for ever where it is null.
    `retry_after`: what the answer tells, in real seconds.
    `share`: the part of a job's tickets that are done when it stalls, fails or is killed, and the
    part of its results that are lost.
    """

    kind: str
    route: str = "*"
    probability: float = 1.0
    times: int | None = None
    after: int = 0
    seconds: float | None = None
    retry_after: int | None = None
    share: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"No fault {self.kind!r}; there are {', '.join(sorted(KINDS))}.")
        if not isinstance(self.route, str):
            raise ValueError(f"A fault's route must be str, not {self.route!r}.")
        for name, kind in _AMOUNTS.items():
            value = getattr(self, name)
            if value is not None and not _is_amount(value, kind):
                raise ValueError(f"A fault's {name} must be {kind.__name__} from 0, not {value!r}.")
        if self.probability is None or self.after is None:
            raise ValueError("A fault's probability and after cannot be null.")
        if self.kind == SLOW and self.seconds is None:
            raise ValueError("A slow fault needs seconds.")

    def matches(self, method: str, route: str, path: str) -> bool:
        return any(
            fnmatchcase(f"{method} {name.removeprefix('/api/v2')}", self.route)
            for name in (route, path)
        )


def parsed(rules: list[dict[str, Any]]) -> tuple[Rule, ...]:
    """The rules. ValueError, with the reason, for what is none."""
    known = {field.name for field in fields(Rule)}
    for rule in rules:
        if not isinstance(rule, dict) or "kind" not in rule:
            raise ValueError(f"A fault is an object with a kind, not {rule!r}.")
        if unknown := rule.keys() - known:
            raise ValueError(f"A fault has no {', '.join(sorted(unknown))}.")
    return tuple(Rule(**rule) for rule in rules)


def _is_amount(value: Any, kind: type) -> bool:
    allowed = int | float if kind is float else int
    return isinstance(value, allowed) and not isinstance(value, bool) and value >= 0
