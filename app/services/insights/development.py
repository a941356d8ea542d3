"""Which state an issue is in, after its tickets by the hour. Numbers only: nothing is read or written here."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.models import FOLLOWING, IssueState
from app.services.insights.baseline import DAY, WEEK, Change, Confidence

NEW_FOR = WEEK  # hours since its first ticket
FEWEST = 5  # tickets in a window, below which nothing escalates
GREW = 1.5  # times what is usual, at least
# Spreads above what is usual. It begins far above where it ends, so that it does not come and go.
BEGINS_AT = {Confidence.HIGH: 4.0, Confidence.LOW: 5.0}
CALM_BELOW = 1.5
ESCALATES_FOR = DAY  # hours, at least
REGRESSED_FOR = WEEK
TO_REGRESS = 2  # tickets: one may have got there by mistake
# Of an issue whose tickets come at random, so many usual gaps without one have a chance of 2 %.
QUIET_GAPS = 4
SHORTEST_QUIET, LONGEST_QUIET = WEEK, 60 * DAY  # hours


@dataclass(frozen=True)
class Pulse:
    """What is known of an issue now. Times are in hours."""

    age: int  # since its first ticket
    silence: int  # since its last
    gap: float  # usual between two tickets
    returned: int  # tickets since it was quiet
    in_state: int
    changes: Sequence[Change]

    @property
    def is_quiet(self) -> bool:
        return self.silence >= min(LONGEST_QUIET, max(SHORTEST_QUIET, QUIET_GAPS * self.gap))

    @property
    def jump(self) -> Change | None:
        """The window that is the furthest above what is usual, if any is far enough."""
        far = [one for one in self.changes if _is_far_above(one)]
        return max(far, key=lambda one: one.score, default=None)

    @property
    def is_calm(self) -> bool:
        return all(one.score < CALM_BELOW for one in self.changes)


def _is_far_above(change: Change) -> bool:
    if change.confidence is Confidence.NONE or change.volume < FEWEST:
        return False
    begins_at = BEGINS_AT[change.confidence]
    return change.score >= begins_at and change.volume >= GREW * change.expected


def following(state: IssueState, pulse: Pulse) -> IssueState:
    """The state after this one; often the same. What FOLLOWING does not allow does not come."""
    wanted = _wanted(state, pulse)
    return wanted if wanted in FOLLOWING[state] else state


def _wanted(state: IssueState, pulse: Pulse) -> IssueState:
    if state is IssueState.RESOLVED:
        has_returned = pulse.returned >= TO_REGRESS and not pulse.is_quiet
        return IssueState.REGRESSED if has_returned else state
    if pulse.is_quiet:
        return IssueState.RESOLVED
    if pulse.jump:
        return IssueState.ESCALATING
    return IssueState.ONGOING if _is_past(state, pulse) else state


def _is_past(state: IssueState, pulse: Pulse) -> bool:
    """Has the state lasted for as long as it does at the least, and its reason gone?"""
    match state:
        case IssueState.NEW:
            return pulse.age >= NEW_FOR
        case IssueState.ESCALATING:
            return pulse.is_calm and pulse.in_state >= ESCALATES_FOR
        case IssueState.REGRESSED:
            return pulse.in_state >= REGRESSED_FOR
    return False
