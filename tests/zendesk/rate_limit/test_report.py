"""The report on a budget."""

from app.zendesk.rate_limit import Kind
from tests.zendesk.rate_limit.told import let_through, take


def test_the_report_tells_who_uses_what_and_who_waits_for_what(taught):
    budget, _ = taught(remaining="60")  # others sent 39
    take(budget, "a", "1", "2")
    number, _ = let_through(budget, "b", Kind.JOB)

    report = budget.report()

    account = next(one for one in report["buckets"] if one["name"] == "account")
    assert (account["limit"], account["ours"], account["others"]) == (100, number + 1, 39)
    assert report["slots"] == [{"who": "a", "slots": 2}]
    assert [(wait["who"], wait["reason"]) for wait in report["waits"]] == [("b", "share")]
    assert sum(slot["ours"] for slot in report["chart"]) == number + 1
    assert sum(slot["others"] for slot in report["chart"]) == 39
