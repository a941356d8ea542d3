"""What the headers of an answer tell of Zendesk's limits.

Zendesk has spelled them in several ways: `x-rate-limit*` always, `ratelimit-*` since 2024, `rate-limit-*` before;
endpoints have `zendesk-ratelimit-<name>: total=100; remaining=99; resets=50`, before 2024 `zendesk-rate-limit-<name>`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

_ENDPOINT = re.compile(r"zendesk-rate-?limit-(.+)", re.IGNORECASE)
# A name is looked for at its beginning alone, and is short: however long a header is, it is read in one go.
_PAIR = re.compile(r"\b(\w{1,40})\s{0,9}=\s{0,9}(\d{1,9})")
# Not limits of an endpoint: one counts Zendesk's jobs, the other each ticket by itself.
_JOBS, _PER_TICKET = "inflight-jobs", "per-ticket-updates"


@dataclass(frozen=True)
class Reading:
    """One limit: calls in all, calls left, seconds to the end of its window. None where nothing is told."""

    total: int
    remaining: int | None = None
    resets: int | None = None


@dataclass(frozen=True)
class Readings:
    account: Reading | None
    endpoints: dict[str, Reading]
    jobs: Reading | None
    ticket: Reading | None  # updates of this one ticket

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self:
        endpoints = _endpoints(headers)
        jobs, ticket = endpoints.pop(_JOBS, None), endpoints.pop(_PER_TICKET, None)
        return cls(_account(headers), endpoints, jobs, ticket)

    @property
    def ticket_is_used_up(self) -> bool:
        return self.ticket is not None and self.ticket.remaining == 0

    def endpoint(self, name: str, published: int | None = None) -> Reading | None:
        """The endpoint's own limit; of several under other names, the one with the least left.

        Another name may mean another limit: it cannot widen the one that is published.
        """
        if name in self.endpoints:
            return self.endpoints[name]
        reading = min(self.endpoints.values(), key=_left, default=None)
        is_wider = reading is not None and published is not None and reading.total > published
        return None if is_wider else reading


def _account(headers: Mapping[str, str]) -> Reading | None:
    total = _first(headers, "x-rate-limit", "ratelimit-limit", "rate-limit")
    if not total:
        return None
    return Reading(
        total,
        _first(headers, "x-rate-limit-remaining", "ratelimit-remaining", "rate-limit-remaining"),
        _first(headers, "ratelimit-reset", "rate-limit-reset"),
    )


def _endpoints(headers: Mapping[str, str]) -> dict[str, Reading]:
    readings = {}
    for header, value in headers.items():
        found = _ENDPOINT.fullmatch(header)
        told = {name: int(number) for name, number in _PAIR.findall(value)} if found else {}
        if found and told.get("total"):
            reading = Reading(told["total"], told.get("remaining"), told.get("resets"))
            readings[found.group(1).lower()] = reading
    return readings


def _first(headers: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        text = headers.get(name, "").strip()
        if text.isascii() and text.isdigit() and len(text) <= 12:
            return int(text)
    return None


def _left(reading: Reading) -> int:
    return reading.total if reading.remaining is None else reading.remaining
