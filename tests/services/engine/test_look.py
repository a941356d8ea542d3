"""What one ticket, as it is now, tells of a change that it was or may have been sent."""

from dataclasses import replace

import pytest

from app.models import Outcome
from app.services.engine.look import MOST_ATTEMPTS, OwnLook, SharedLook
from app.services.engine.row import Row, plan_of
from app.services.engine.verdict import AGAIN, CHANGED, Verdict
from app.services.operations import Change, Reason, Recipe, Snapshot
from app.services.undoing import tags_alone

PLANNED, LATER = "2026-03-01T10:00:00Z", "2026-03-01T10:07:00Z"
MOVED = Verdict.because(Reason.CHANGED_SINCE_PLAN)
CLOSED = Verdict.because(Reason.CLOSED, "Status: closed prevents ticket update")
TAGS = Recipe(decide=lambda tickets: (), shared=tags_alone)


def ticket(*tags, **fields):
    asked = {"id": 5, "status": "open", "updated_at": LATER, "tags": frozenset(tags)}
    return Snapshot(**asked | fields)


def row(before, after, **more):
    asked = {"planned_stamp": PLANNED, "payload_key": None, "attempts": 1} | more
    return Row(0, 5, before, after, **asked)


def solved(now, said=None, **more):
    """A look at a ticket that was to be solved."""
    return OwnLook(row({"status": "open"}, {"status": "solved"}, **more), now, said)


def tagged(now, said=None, recipe=TAGS, **more):
    """A look at a ticket that was to get two tags and lose one."""
    change = row({"tags": ["old"]}, {"tags": ["late", "refund"]}, payload_key="a key", **more)
    return SharedLook(change, now, said, recipe)


def test_a_ticket_that_was_closed_meanwhile_keeps_zendesks_word_for_it():
    look = solved(ticket(status="closed"), CLOSED)

    assert look.verdict == CLOSED
    assert not look.may_be_ours


@pytest.mark.parametrize(
    ("attempts", "outcome"),
    [(MOST_ATTEMPTS - 1, Outcome.PLANNED), (MOST_ATTEMPTS, Outcome.FAILED)],
)
def test_a_change_of_its_own_is_not_sent_for_ever(attempts, outcome):
    look = solved(ticket(updated_at=PLANNED), MOVED, attempts=attempts)

    assert look.verdict.outcome is outcome


@pytest.mark.parametrize("said", [MOVED, None])
def test_of_a_conflict_is_told_only_where_zendesk_told_of_one(said):
    look = solved(ticket(updated_at=PLANNED), said, attempts=MOST_ATTEMPTS)

    assert ("conflict" in look.verdict.detail) == (said is MOVED)


@pytest.mark.parametrize(
    ("now", "said", "reason"),
    [
        (ticket("old"), MOVED, Reason.CHANGED_SINCE_PLAN),
        (ticket("old", updated_at=PLANNED), MOVED, Reason.REFUSED),
        (ticket("old"), None, Reason.RESULT_UNKNOWN),
    ],
)
def test_what_is_shared_is_not_sent_for_ever(now, said, reason):
    before = tagged(now, said, attempts=MOST_ATTEMPTS - 1)
    look = tagged(now, said, attempts=MOST_ATTEMPTS)

    assert before.verdict == AGAIN
    assert look.verdict.reason is reason


@pytest.mark.parametrize(
    ("stamp", "verdict"), [(PLANNED, Verdict.because(Reason.ALREADY_SO)), ("", CHANGED)]
)
def test_what_is_as_wanted_is_ours_where_no_stamp_kept_others_from_it(stamp, verdict):
    assert tagged(ticket("late", "refund"), planned_stamp=stamp).verdict == verdict


@pytest.mark.parametrize(
    ("now", "stamp", "verdict"),
    [
        (ticket("old", status="closed"), PLANNED, AGAIN),  # in the form that reaches it
        (ticket("old", status="closed"), "", CLOSED),  # that was this form
        (ticket("old"), PLANNED, CLOSED),
    ],
)
def test_a_ticket_that_is_told_closed_is_sent_what_reaches_such_tickets_once(now, stamp, verdict):
    assert tagged(now, CLOSED, planned_stamp=stamp).verdict == verdict


@pytest.mark.parametrize(
    ("look", "worth_it"),
    [
        (tagged(ticket("late", "refund"), MOVED), True),
        (tagged(ticket("late", "refund", updated_at=PLANNED)), True),
        (tagged(ticket("old")), True),  # somebody may have taken away what we gave
        (tagged(ticket("old"), MOVED), False),
        (tagged(ticket("old", updated_at=PLANNED)), False),
        (tagged(ticket("late", "refund"), planned_stamp=""), False),
        (tagged(ticket("old"), planned_stamp=""), False),
    ],
)
def test_a_history_that_cannot_tell_more_is_not_asked_for(look, worth_it):
    assert look.may_be_ours == worth_it


def test_a_ticket_is_planned_anew_with_what_it_lacks_by_now():
    now = ticket("old", "refund", "gift")

    verdict = tagged(now, MOVED).verdict

    lacking = Change(add_tags=frozenset({"late"}), remove_tags=frozenset({"old"}))
    assert verdict == AGAIN
    assert verdict.plan == plan_of(now, lacking, tags_alone(lacking))
    assert verdict.plan["before"] == {"tags": ["gift", "old", "refund"]}
    assert verdict.plan["after"] == {"tags": ["gift", "late", "refund"]}
    assert verdict.plan["planned_stamp"] == LATER


def test_a_job_that_cannot_tell_what_it_sent_says_nothing_of_a_shared_change():
    assert tagged(ticket("late", "refund"), recipe=None).verdict.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("group_id", "reason"), [(1, None), (2, Reason.OTHER_GROUP), (None, Reason.OTHER_GROUP)]
)
def test_what_would_be_sent_again_is_left_alone_outside_of_the_owners_groups(group_id, reason):
    now = ticket("old", updated_at=PLANNED, group_id=group_id)
    looks = solved(now, MOVED), tagged(now, MOVED)

    found = [replace(one, groups=frozenset({1})).verdict.reason for one in looks]

    assert found == [reason, reason]


def test_a_ticket_that_is_as_wanted_is_told_so_whatever_its_group():
    look = tagged(ticket("late", "refund", group_id=2))

    assert replace(look, groups=frozenset({1})).verdict.reason is Reason.ALREADY_SO
