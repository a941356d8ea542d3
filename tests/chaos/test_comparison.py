"""The comparison itself: what it must find, it finds."""

from types import SimpleNamespace

import pytest

from tests.chaos.comparison import compare
from tests.chaos.kinds import Tagging

KIND = Tagging("mine")
COUNTS = ("planned", "changed", "unchanged", "skipped", "failed", "unknown", "not_reached")


def delivered(ticket, *, effective=True, via="update_many"):
    added = ["mine"] if effective else []
    asked = {"additional_tags": ["mine"]}
    return {"ticket_id": ticket, "asked": asked, "added_tags": added, "comment": None, "via": via}


def compared(outcomes, entries, status="completed", **counts):
    rows = [SimpleNamespace(ticket_id=one, outcome=told, stage="settled") for one, told in outcomes]
    told = dict.fromkeys(COUNTS, 0)
    for _, outcome in outcomes:
        told[outcome] += 1
    job = {f"{name}_count": number for name, number in (told | counts).items()}
    job |= {"status": status, "total_items": len(rows)}
    job["_fields"] = tuple(job)
    return compare(KIND, [1, 2], SimpleNamespace(**job), rows, entries, may_leave_unknown=False)


def test_a_job_that_did_what_it_says_leaves_nothing_to_complain_about():
    once = [delivered(1), delivered(2), delivered(2, effective=False)]

    found = compared([(1, "changed"), (2, "changed")], once)

    assert (found.complaints, found.deliveries, found.effects) == ([], 3, 2)


@pytest.mark.parametrize(
    ("outcome", "entries", "finds"),
    [
        ("changed", [delivered(2), delivered(2)], "1 tickets had it done twice: 2"),
        ("changed", [], "1 tickets are reported other than they are: 2 (changed)"),
        (
            "changed",
            [delivered(2, via="outside")],
            "1 tickets are reported other than they are: 2 (changed)",
        ),
        ("skipped", [delivered(2)], "1 tickets are reported other than they are: 2 (skipped)"),
        ("planned", [], "1 tickets have no result: 2"),
        ("not_reached", [], "1 tickets have no result: 2"),
        ("unknown", [], "1 tickets are unknown, and need not be: 2"),
        ("unchanged", [delivered(3)], "1 tickets were changed and never asked for: 3"),
    ],
)
def test_whatever_is_not_as_it_should_be_is_found(outcome, entries, finds):
    found = compared([(1, "changed"), (2, outcome)], [delivered(1), *entries])

    assert found.complaints == [finds]


def test_a_ticket_that_is_not_in_the_ledger_at_all_is_lost():
    found = compared([(1, "changed")], [delivered(1)])

    assert found.complaints == ["1 tickets have no result: 2"]


def test_a_cancelled_job_may_leave_tickets_alone():
    found = compared([(1, "changed"), (2, "not_reached")], [delivered(1)], status="cancelled")

    assert found.complaints == []


def test_counters_that_disagree_with_the_ledger_are_found():
    found = compared([(1, "changed"), (2, "unchanged")], [delivered(1)], changed=2)

    assert found.complaints == [
        "the job counts {'changed': 2}, its ledger {'changed': 1, 'unchanged': 1}"
    ]
