"""The tickets that clustering works with at one time: all of them, or so many as memory bears and as tell enough."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Select, func, select

from app.extensions import db
from app.models import Issue, IssueTicket, MirroredTicket
from app.services.insights import outliers
from app.services.insights.clustering.gathering import ALONE, Labels
from app.services.insights.clustering.joining import Placed
from app.services.insights.clustering.naming import Background, Name, Text, describe
from app.services.insights.clustering.space import Space
from app.services.insights.clustering.words import words, words_of

MOST = 20_000  # tickets
_LEAST_OF_ISSUE = (
    30  # tickets of an issue that are read at least, so that a small one is well known too
)
_READ_AT_ONCE = 500
_READ_CHARACTERS = 1_500  # of a description
_BACKGROUND = 4_000  # tickets
_SCATTER = np.uint64(2_654_435_761)  # Knuth's multiplier: neighbours by number end up far apart


class Desk:
    """Tickets by their id, each with its issue or ALONE, and a space in which they have their places."""

    def __init__(self, most: int = MOST) -> None:
        """Read them. The same tickets in the same issues give the same desk."""
        placed, unplaced = _ids(_placed()), _ids(outliers.unplaced())[:, 0]
        kept = _of_each_issue(placed, most // 2)
        kept_unplaced = scattered(unplaced)[: most - len(kept)]
        self.is_whole = len(placed) == len(kept) and len(unplaced) == len(kept_unplaced)
        issue_of = dict(kept.tolist()) | dict.fromkeys(kept_unplaced.tolist(), ALONE)
        self.texts = list(_texts(sorted(issue_of)))
        self.ids = np.array([text.ticket_id for text in self.texts], dtype=np.int64)
        self.issues = np.array([issue_of[text.ticket_id] for text in self.texts], dtype=np.int64)
        said = [words_of(text.subject, text.description) for text in self.texts]
        self.space = Space(said)
        self.vectors = self.space.place(said)

    def note(self, ticket_ids: Sequence[int], issue_ids: Sequence[int]) -> None:
        """These have been placed since they were read."""
        if not len(self.ids):
            return
        places = np.minimum(np.searchsorted(self.ids, ticket_ids), len(self.ids) - 1)
        for place, ticket_id, issue_id in zip(places, ticket_ids, issue_ids, strict=True):
            if self.ids[place] == ticket_id:
                self.issues[place] = issue_id

    def placed(self) -> Placed:
        """What new tickets are compared with. An issue whose tickets are all gone is known by its name."""
        chosen = self.issues != ALONE
        known = set(self.issues[chosen].tolist())
        bare = [row for row in db.session.execute(_names()) if row.id not in known]
        said = [words(row.label) * 2 + words(" ".join(row.phrases)) for row in bare]
        vectors, issues = self.vectors[chosen], self.issues[chosen]
        if bare:
            vectors = np.concatenate([vectors, self.space.place(said)])
            issues = np.concatenate([issues, np.array([row.id for row in bare], dtype=np.int64)])
        return Placed(vectors, issues)

    @cached_property
    def background(self) -> Background:
        step = max(1, len(self.texts) // _BACKGROUND)
        return Background(self.texts[::step])

    def described(self, members: Labels) -> Name | None:
        """What these tickets, by their places among all, are called. None if there are none."""
        if not len(members):
            return None
        texts = [self.texts[place] for place in members]
        return describe(texts, self.vectors[members], self.space, self.background)

    def members(self, issue_id: int) -> Labels:
        """Where the tickets of the issue are among all."""
        return np.flatnonzero(self.issues == issue_id)


def unplaced_after(ticket_id: int, most: int) -> list[Text]:
    """The next tickets that have no place, by their ids."""
    wanted = outliers.unplaced().where(MirroredTicket.id > ticket_id).order_by(MirroredTicket.id)
    return list(_texts([row.id for row in db.session.execute(wanted.limit(most))]))


def scattered(ids: np.ndarray) -> np.ndarray:
    """The same ids in an order that depends on nothing but them, and in which neighbours are far apart."""
    with np.errstate(over="ignore"):
        keys = (ids.astype(np.uint64) * _SCATTER) % np.uint64(2**32)
    return ids[np.lexsort((ids, keys))]


def _of_each_issue(placed: np.ndarray, most: int) -> np.ndarray:
    """Rows of ticket and issue: all, or a fair part of each issue's."""
    if len(placed) <= most:
        return placed
    issue_of = dict(placed.tolist())
    share = max(_LEAST_OF_ISSUE, most // max(1, len(set(issue_of.values()))))
    taken: dict[int, int] = {}
    kept = []
    for ticket_id in scattered(placed[:, 0]).tolist():
        issue_id = issue_of[ticket_id]
        taken[issue_id] = taken.get(issue_id, 0) + 1
        if taken[issue_id] <= share:
            kept.append((ticket_id, issue_id))
    return np.array(kept, dtype=np.int64)


def _ids(wanted: Select[*tuple[Any, ...]]) -> np.ndarray:
    rows = db.session.execute(wanted).all()
    width = len(wanted.selected_columns)
    return np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, width)


def _placed() -> Select[*tuple[Any, ...]]:
    return (
        select(IssueTicket.ticket_id, IssueTicket.issue_id)
        .join(MirroredTicket, MirroredTicket.id == IssueTicket.ticket_id)
        .where(IssueTicket.issue_id.is_not(None), MirroredTicket.deleted.is_(False))
    )


def _names() -> Select[*tuple[Any, ...]]:
    return select(Issue.id, Issue.label, Issue.phrases).where(Issue.merged_into_id.is_(None))


def _texts(ids: Sequence[int]) -> Iterator[Text]:
    """In the order of their ids, without one that has gone meanwhile."""
    for first in range(0, len(ids), _READ_AT_ONCE):
        wanted = (
            select(
                MirroredTicket.id,
                MirroredTicket.subject,
                func.substr(MirroredTicket.description, 1, _READ_CHARACTERS),
            )
            .where(MirroredTicket.id.in_(ids[first : first + _READ_AT_ONCE]))
            .order_by(MirroredTicket.id)
        )
        for ticket_id, subject, description in db.session.execute(wanted):
            yield Text(ticket_id, subject or "", description or "")
