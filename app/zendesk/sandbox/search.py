"""Zendesk's search language: what a query asks for, and whether a ticket meets it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from .clock import SECOND, from_iso
from .directory import Directory
from .index import group_mask, priority_mask, status_mask, tag_mask
from .ticket import PRIORITIES, STATUSES, Ticket

Test = Callable[[Ticket], bool]
_TERM = re.compile(r'(-?)(?:([a-z_0-9]+)(:|<=|>=|<|>))?("[^"]*"|[^\s"]+)', re.IGNORECASE)
_RELATIVE = re.compile(r"(\d+)(minute|hour|day|week|month|year)s?")
_UNIT_SECONDS = {
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_592_000,
    "year": 31_536_000,
}
_TIMES = {
    "created": "created_at",
    "created_at": "created_at",
    "updated": "updated_at",
    "updated_at": "updated_at",
}
_PEOPLE = {"assignee": "assignee_id", "requester": "requester_id", "submitter": "requester_id"}
_ORDERINGS = frozenset({"order_by", "sort_by", "sort", "sort_order"})
_SORTS = frozenset({"created_at", "updated_at", "priority", "status", "ticket_type"})
_RANKS = {
    "status": {name: place for place, name in enumerate(STATUSES)},
    "priority": {name: place for place, name in enumerate(PRIORITIES)},
}


class BadQuery(Exception):
    """The query, or a value in it, cannot be understood."""


class Term(NamedTuple):
    """One condition: `key` is empty for plain words; `sign` is `:` or a comparison."""

    negated: bool
    key: str
    sign: str
    value: str


@dataclass
class Query:
    """All that must hold: tests in full, and before them masks and dates that rule out most."""

    kind: str | None = None
    terms: list[Term] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)
    created_from: int = 0
    created_until: int | None = None
    sort: str | None = None
    descending: bool = True

    def matches(self, ticket: Ticket) -> bool:
        return all(test(ticket) for test in self.tests)


def parse(text: str, directory: Directory, now: int, user_id: int) -> Query:
    """BadQuery where a value makes no sense. `now` is for relative times as in created>4hours."""
    query = Query()
    reader = _Reader(directory, now, user_id)
    for term in _terms(text):
        if term.key == "type":
            query.kind = term.value
        elif term.key in _ORDERINGS:
            _order(query, term)
        else:
            query.terms.append(term)
    for _, same in groupby(sorted(query.terms, key=_kinship), key=_kinship):
        _take(query, list(same), reader)
    return query


def _terms(text: str) -> Iterator[Term]:
    for minus, key, sign, value in _TERM.findall(text):
        yield Term(bool(minus), key.lower(), sign, value.strip('"').lower())


def _order(query: Query, term: Term) -> None:
    if term.value in ("asc", "desc"):
        query.descending = term.value == "desc"
    elif term.value in _SORTS:
        query.sort = term.value
    elif term.value != "relevance":
        raise BadQuery(f"Invalid sort: {term.value}")


def _kinship(term: Term) -> tuple[bool, str, str, str]:
    """Terms of one kind are alternatives: tags:a tags:b. Words, comparisons, negations are not."""
    alone = term.negated or not term.key or term.sign != ":"
    return term.negated, term.key, term.sign, term.value if alone else ""


def _take(query: Query, terms: list[Term], reader: "_Reader") -> None:
    tests = [reader.test(term) for term in terms]
    if terms[0].negated:
        query.tests.append(lambda ticket: not tests[0](ticket))
        return
    query.tests.append(lambda ticket: any(test(ticket) for test in tests))
    masks = [reader.mask(term) for term in terms]
    if all(masks):
        union = 0
        for mask in masks:
            union |= mask
        query.masks.append(union)
    if _TIMES.get(terms[0].key) == "created_at" and len(terms) == 1:
        first, last = reader.span(terms[0])
        query.created_from = max(query.created_from, first)
        if last is not None:
            query.created_until = min(last, query.created_until or last)


@dataclass(frozen=True)
class _Reader:
    directory: Directory
    now: int
    user_id: int

    def test(self, term: Term) -> Test:
        """What a ticket must be. BadQuery for a key or a value that does not exist."""
        if not term.key:
            return _text_test(term.value)
        if term.key in _TIMES:
            return self._time_test(term)
        if term.key in _RANKS:
            allowed = self._ranked(term)
            return lambda ticket: getattr(ticket, term.key) in allowed
        if term.key in _PEOPLE:
            return self._person_test(term)
        if term.key.startswith("custom_field_"):
            return _custom_field_test(int(term.key.removeprefix("custom_field_") or 0), term.value)
        return self._other_test(term)

    def mask(self, term: Term) -> int:
        """Bits of which a ticket that meets the term has one; 0 where the sketch cannot tell."""
        if term.key == "status":
            return status_mask(self._ranked(term))
        if term.key == "priority":
            return priority_mask(self._ranked(term))
        if term.key in ("tags", "tag") and not term.value.endswith("*") and term.value != "none":
            return tag_mask(term.value)
        if term.key == "group":
            groups = self.directory.group_ids(term.value)
            return sum({group_mask(group) for group in groups}) if groups else 0
        return 0

    def span(self, term: Term) -> tuple[int, int | None]:
        """The moments that a term about a time leaves: from the first, before the last."""
        first, length = self._moment(term.value)
        return {
            ":": (first, first + length),
            ">": (first + length, None),
            ">=": (first, None),
            "<": (0, first),
            "<=": (0, first + length),
        }[term.sign]

    def _time_test(self, term: Term) -> Test:
        name, (first, last) = _TIMES[term.key], self.span(term)
        if last is None:
            return lambda ticket: getattr(ticket, name) >= first
        return lambda ticket: first <= getattr(ticket, name) < last

    def _moment(self, value: str) -> tuple[int, int]:
        """A moment, and how long it lasts: a date means the whole day."""
        relative = _RELATIVE.fullmatch(value)
        if relative:
            ago = int(relative[1]) * _UNIT_SECONDS[relative[2]] * SECOND
            return self.now - ago, 0
        try:
            moment = from_iso(value.upper())
        except ValueError:
            raise BadQuery(f"Invalid date: {value}") from None
        return moment, 86_400 * SECOND if len(value) == 10 else 0

    def _ranked(self, term: Term) -> set[Any]:
        ranks = _RANKS[term.key]
        if term.value == "none" and term.key == "priority":
            return {None}
        if term.value not in ranks:
            raise BadQuery(f"Invalid {term.key}: {term.value}")
        rank = ranks[term.value]
        return {name for name, place in ranks.items() if _compared(place, term.sign, rank)}

    def _person_test(self, term: Term) -> Test:
        name, value = _PEOPLE[term.key], term.value
        if value == "me":
            return lambda ticket: getattr(ticket, name) == self.user_id
        if value == "none":
            return lambda ticket: getattr(ticket, name) is None
        if value.isdigit():
            return lambda ticket: getattr(ticket, name) == int(value)
        is_meant = self.directory.is_called
        return lambda ticket: is_meant(getattr(ticket, name), value)

    def _other_test(self, term: Term) -> Test:
        value = term.value
        if term.key in ("tags", "tag"):
            return _tag_test(value)
        if term.key == "ticket_type":
            return lambda ticket: (ticket.type or "none") == value
        if term.key == "via":
            return lambda ticket: ticket.channel == value
        if term.key == "group":
            groups = self.directory.group_ids(value)
            return lambda ticket: (ticket.group_id or 0) in groups
        if term.key == "organization":
            organizations = self.directory.organization_ids(value)
            return lambda ticket: (ticket.organization_id or 0) in organizations
        if term.key in ("subject", "description"):
            found = _word_pattern(value)
            return lambda ticket: bool(found(getattr(ticket, term.key).lower()))
        if term.key in ("brand", "form", "custom_status_id", "external_id"):
            name = {"brand": "brand_id", "form": "ticket_form_id"}.get(term.key, term.key)
            return lambda ticket: str(getattr(ticket, name)).lower() == value
        # Zendesk takes an unknown key for words, in which nothing is found.
        return _text_test(f"{term.key}{term.sign}{value}")


def _compared(place: int, sign: str, rank: int) -> bool:
    return {
        ":": place == rank,
        "<": place < rank,
        "<=": place <= rank,
        ">": place > rank,
        ">=": place >= rank,
    }[sign]


def _tag_test(value: str) -> Test:
    if value == "none":
        return lambda ticket: not ticket.tags
    if value.endswith("*"):
        start = value[:-1]
        return lambda ticket: any(tag.startswith(start) for tag in ticket.tags)
    return lambda ticket: value in ticket.tags


def _text_test(value: str) -> Test:
    found = _word_pattern(value)
    number = int(value) if value.isascii() and value.isdigit() else None

    def test(ticket: Ticket) -> bool:
        text = f"{ticket.subject}\n{ticket.description}".lower()
        return ticket.id == number or bool(found(text))

    return test


def _word_pattern(value: str) -> Callable[[str], Any]:
    """Finds whole words, and with a final * their beginnings."""
    start = value.removesuffix("*")
    end = r"" if value.endswith("*") else r"(?!\w)"
    pattern = re.compile(rf"(?<!\w){re.escape(start)}{end}")
    # Scripts without spaces have no words that could be told apart.
    if not start.isascii():
        return lambda text: start in text
    return lambda text: start in text and pattern.search(text)


def _custom_field_test(number: int, value: str) -> Test:
    def test(ticket: Ticket) -> bool:
        kept = dict(ticket.custom_fields).get(number)
        if value in ("none", "*"):
            return (kept in (None, "")) is (value == "none")
        wanted = value.removesuffix("*")
        values = [str(one).lower() for one in (kept if isinstance(kept, list) else [kept])]
        if value.endswith("*"):
            return any(one.startswith(wanted) for one in values)
        return wanted in values

    return test


def sort_key(name: str | None) -> Callable[[Ticket], Any]:
    """How results are ordered; without a name by relevance, which is the newest change here."""
    if name in _RANKS:
        ranks: dict[Any, int] = _RANKS[name]
        return lambda ticket: (ranks.get(getattr(ticket, name), -1), ticket.id)
    if name == "ticket_type":
        return lambda ticket: (ticket.type or "", ticket.id)
    column = name or "updated_at"
    return lambda ticket: (getattr(ticket, column), ticket.id)
