"""The stage that finds issues: new tickets join those that there are, and what fits none may found new ones.

Three phases. *join*: each ticket without a place is offered to the issues. *found*: those that are left are gathered,
and what is large enough becomes an issue. *tend*: issues count and describe themselves anew. A ticket that has a place
keeps it; only people move it. Nothing is remembered between nights but where tickets belong: an issue is what its
tickets say, in a space that is fitted afresh.
"""

import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.database import now
from app.extensions import db
from app.models import ClusteringState, Issue, IssueTicket
from app.services import settings
from app.services.insights import tending
from app.services.insights.clustering.gathering import ALONE, Forecast, Heaps, near_middle
from app.services.insights.clustering.joining import Placed, near_enough
from app.services.insights.clustering.words import words_of
from app.services.insights.desk import Desk, unplaced_after
from app.services.insights.outliers import count_unplaced
from app.services.insights.stage import Progress, StageRun, written

JOIN, FOUND, TEND, OVER = "join", "found", "tend", "over"
PAGE = 2_000  # tickets of a transaction
ISSUES_AT_ONCE = 50
MOST_ROUNDS = 8  # of joining and founding in one night; what is left then waits for the next
_ROWS_AT_ONCE = 1_000
_FORESEEN = 5_000  # tickets


class Work:
    """One slice: the run, how far it is, and the tickets it has read."""

    def __init__(self, run: StageRun, state: ClusteringState) -> None:
        self.run, self.state = run, state
        self.sensitivity = settings.value("issue_sensitivity")
        self.smallest = settings.value("issue_smallest")
        self._desk: Desk | None = None
        self._placed: Placed | None = None

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            self._desk = Desk()
        return self._desk

    @property
    def placed(self) -> Placed:
        if self._placed is None:
            self._placed = self.desk.placed()
        return self._placed

    def turn_to(self, phase: str) -> None:
        """Begin the phase. What was read is read again where it was a part only."""
        self.state.phase, self.state.after_id, self._placed = phase, 0, None
        if self._desk and not self._desk.is_whole:
            self._desk = None


def cluster(run: StageRun, until: float) -> Progress:
    """Work until all is done or `time.monotonic()` is `until`, and always one step. Raises LeaseLost."""
    with written(run):
        state = _taken_up()
    work = Work(run, state)
    while PHASES[state.phase](work) != OVER:
        if time.monotonic() >= until:
            return _progress(state)
    progress = _progress(state, is_over=True)
    with written(run):
        db.session.delete(state)
    return progress


def foresee(sensitivities: Iterable[int]) -> tuple[int, list[Forecast]]:
    """How many tickets were tried, and what each sensitivity would give if all issues were found anew from them."""
    desk = Desk(_FORESEEN)
    smallest = settings.value("issue_smallest")
    return len(desk.ids), Heaps(desk.vectors).forecasts(sensitivities, smallest)


def _taken_up() -> ClusteringState:
    """Where the last slice ended; the beginning, if tickets have come since that were offered to no issue."""
    state, unplaced = db.session.get(ClusteringState, 1), count_unplaced()
    if state and unplaced > state.total - state.joined:
        db.session.delete(state)
        db.session.flush()
        state = None
    if state is None:
        state = ClusteringState(id=1, phase=JOIN if unplaced else TEND, total=unplaced)
        db.session.add(state)
        db.session.flush()
    return state


def _progress(state: ClusteringState, *, is_over: bool = False) -> Progress:
    result: dict[str, int | float | str] = {
        "joined": state.joined,
        "issues_found": state.founded,
        "alone": count_unplaced(),
    }
    return Progress(state.total if is_over else state.offered, state.total, is_over, result)


def _join(work: Work) -> str:
    """Offer one page of tickets to the issues."""
    state = work.state
    texts = unplaced_after(state.after_id, PAGE) if len(work.placed.issues) else []
    if not texts:
        with written(work.run):
            work.turn_to(FOUND)
        return state.phase
    said = [words_of(text.subject, text.description) for text in texts]
    nearest, near = work.placed.nearest(work.desk.space.place(said))
    joining = np.flatnonzero(near >= near_enough(work.sensitivity))
    ids, issue_ids = [texts[place].ticket_id for place in joining], nearest[joining].tolist()
    with written(work.run):
        _place(ids, issue_ids, near[joining].tolist())
        state.after_id = texts[-1].ticket_id
        state.offered = min(state.total, state.offered + len(texts))
        state.joined += len(ids)
    work.desk.note(ids, issue_ids)
    return state.phase


def _found(work: Work) -> str:
    """Make issues of what belongs together, the largest first, each in a transaction of its own."""
    desk, state = work.desk, work.state
    alone = np.flatnonzero(desk.issues == ALONE)
    labels = Heaps(desk.vectors[alone]).groups(work.sensitivity, work.smallest)
    count = int(labels.max(initial=ALONE)) + 1
    for label in range(count):
        members = alone[labels == label]
        name = desk.described(members)
        ids = desk.ids[members].tolist()
        with written(work.run):
            issue = Issue(label="", state="new", named_at_count=len(ids))
            tending.put(issue, name)
            db.session.add(issue)
            db.session.flush()
            desk.issues[members] = issue.id
            _place(ids, [issue.id] * len(ids), near_middle(desk.vectors[members]))
            tending.recount([issue.id])
            state.founded += 1
            state.joined += len(ids)
    with written(work.run):
        state.rounds += 1
        again = count and not desk.is_whole and state.rounds < MOST_ROUNDS
        work.turn_to(JOIN if again else TEND)
    return state.phase


def _tend(work: Work) -> str:
    """Let some issues count and describe themselves anew. OVER when none is left."""
    state = work.state
    after_id = state.after_id
    wanted = select(Issue).where(Issue.id > after_id, Issue.merged_into_id.is_(None))
    issues = db.session.scalars(wanted.order_by(Issue.id).limit(ISSUES_AT_ONCE)).all()
    if not issues:
        return OVER
    ids = [issue.id for issue in issues]
    with written(work.run):
        if not after_id:
            tending.bring_home()
        tending.recount(ids)
    grown = {issue.id: issue.ticket_count for issue in issues if tending.has_grown(issue)}
    names = {one: work.desk.described(work.desk.members(one)) for one in grown}
    alike = (
        work.placed.alike(tending.ALIKE_FROM, tending.MOST_ALIKE) if state.joined or grown else None
    )
    with written(work.run):
        for issue in issues:
            if issue.id in names:
                tending.put(issue, names[issue.id])
                issue.named_at_count = grown[issue.id]
        if alike is not None:
            tending.note_alike(issues, alike)
        state.after_id = ids[-1]
    return state.phase


PHASES: dict[str, Callable[[Work], str]] = {JOIN: _join, FOUND: _found, TEND: _tend}


def _place(ids: Sequence[int], issue_ids: Sequence[int], near: Sequence[float]) -> None:
    """Note where these belong. One that a person has placed meanwhile stays there."""
    kind = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    at = now()
    rows = [
        {"ticket_id": one, "issue_id": issue, "similarity": round(similarity, 4), "joined_at": at}
        | {"placed_by_person": False}
        for one, issue, similarity in zip(ids, issue_ids, near, strict=True)
    ]
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        statement = kind.insert(IssueTicket).on_conflict_do_nothing()
        db.session.execute(statement, rows[first : first + _ROWS_AT_ONCE])
