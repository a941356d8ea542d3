"""What a result of Zendesk's says of a ticket."""

import pytest

from app.services.engine.book import judge
from app.services.engine.verdict import CHANGED, Verdict
from app.services.reasons import Reason
from app.zendesk.resources import TicketResult


@pytest.mark.parametrize(
    ("error", "details", "reason"),
    [
        ("UpdateConflict", "outdated", Reason.CHANGED_SINCE_PLAN),
        ("TicketUpdateFailed", "Status: closed prevents ticket update", Reason.CLOSED),
        ("RecordNotFound", "", Reason.NOT_FOUND),
        ("TicketUpdateFailed", "Ticket not found", Reason.NOT_FOUND),
        ("Forbidden", "", Reason.NO_PERMISSION),
        ("AccessDenied", "", Reason.NO_PERMISSION),
        ("TicketUpdateFailed", "You lack the permission", Reason.NO_PERMISSION),
        ("SomethingNew", "Nobody has heard of it", Reason.REFUSED),
    ],
)
def test_zendesks_words_tell_the_reason(error, details, reason):
    assert judge(TicketResult(1, False, error, details)).reason is reason


@pytest.mark.parametrize(
    ("error", "details", "told"), [("Odd", "Too odd", "Too odd"), ("Odd", "", "Odd")]
)
def test_whatever_words_there_are_are_kept(error, details, told):
    verdict = judge(TicketResult(1, False, error, details))

    assert verdict == Verdict.because(Reason.REFUSED, told)


def test_success_is_a_change():
    assert judge(TicketResult(1, True)) == CHANGED
