"""Which of Zendesk's limits a call counts against, beside the account's minute.

Numbers are those that Zendesk publishes (“Rate limits”, and the pages of the endpoints); they hold until an answer's
headers tell this account's own.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """A limit of its own. `limit` is None where none is published: it can still be held after a 429.

    `shared_with_people`: what agents do in Zendesk counts against it as well, so a reserve is left for them.
    """

    name: str
    limit: int | None = None
    shared_with_people: bool = False


@dataclass(frozen=True)
class _Rule:
    method: str
    path: re.Pattern[str]
    endpoint: Endpoint

    def endpoint_of(self, method: str, path: str) -> Endpoint | None:
        found = self.path.fullmatch(path) if method == self.method else None
        if found is None:
            return None
        # Some limits hold for each view by itself.
        named = ":".join((self.endpoint.name, *found.groups()))
        return Endpoint(named, self.endpoint.limit, self.endpoint.shared_with_people)


def _rule(method: str, path: str, name: str, limit: int | None, *, people: bool = False) -> _Rule:
    return _Rule(method, re.compile(path), Endpoint(name, limit, people))


# The names are those in Zendesk's `zendesk-ratelimit-<name>` headers, where it has one.
_RULES = (
    _rule("PUT", r"tickets/\d+", "tickets-update", 100, people=True),
    _rule("GET", r"views/(\d+)/count", "views-count", 5, people=True),
    _rule("GET", r"views/(\d+)/execute", "views-execute", 5, people=True),
    _rule("GET", r"views/count_many", "views-count-many", 6),
    _rule("GET", r"incremental/.*", "incremental-exports", 10),
    _rule("GET", r"search/export", "search-export", 100),
    _rule("GET", r"search(?:/count)?", "search-index", 2500),
    _rule("GET", r"tags", "tags-index", 100),
    _rule("GET", r"tickets", "tickets-index", None),
    _rule("GET", r"tickets/\d+/audits", "ticket-audits", 450),
)
_ID = re.compile(r"[^/]*\d[^/]*")


def endpoint_of(method: str, path: str) -> Endpoint:
    """The endpoint of a call; `path` is what follows /api/v2/. One without a limit is named by its route."""
    for rule in _RULES:
        if endpoint := rule.endpoint_of(method, path):
            return endpoint
    return Endpoint(f"{method} {_ID.sub('*', path)}")


def is_shared_with_people(name: str) -> bool:
    """Does a limit of this name also count what agents do in Zendesk?"""
    kind = name.partition(":")[0]
    return any(rule.endpoint.name == kind and rule.endpoint.shared_with_people for rule in _RULES)
