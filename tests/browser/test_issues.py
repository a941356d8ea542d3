"""From the board of issues to a plan for an issue's tickets."""

import pytest
from playwright.sync_api import expect

from app.database import now
from app.extensions import db
from app.models import Issue, IssueTicket, MirroredTicket
from app.services.insights import tending
from tests.browser.walk import expect_state, new_tag
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")

LABEL = "Toaster burns the bread"


@pytest.fixture
def issue(stack, zendesk):
    """Of two tickets that Zendesk has, as a night of the pipeline leaves it; gone when the test ends."""
    ids = [zendesk.add_ticket(subject=LABEL) for _ in range(2)]
    with stack.writing():
        issue = Issue(label=LABEL, state="escalating", severity="high", phrases=["burnt bread"])
        issue.quoted_ticket_ids = ids
        db.session.add(issue)
        db.session.flush()
        for number in ids:
            db.session.add(_mirrored(number))
            db.session.add(IssueTicket(ticket_id=number, issue_id=issue.id, similarity=0.9))
        db.session.flush()
        tending.recount([issue.id])
    yield
    with stack.writing():
        db.session.query(Issue).filter_by(label=LABEL).delete()
        db.session.query(MirroredTicket).filter(MirroredTicket.id.in_(ids)).delete()


def _mirrored(number):
    moment = now()
    return MirroredTicket(
        id=number,
        subject=LABEL,
        description="Every slice comes out black. " + "x" * 300,
        status="open",
        tags=[],
        priority="normal",
        kind="problem",
        requester_id=number,
        organization_id=77,
        via_channel="email",
        created_at=moment,
        updated_at=moment,
        generated_timestamp=1,
        deleted=False,
    )


def test_from_the_board_to_the_plan_of_an_issues_tickets(page, issue):
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Issues").click()
    check(page)
    page.get_by_role("link", name=LABEL).click()
    expect(page.locator("#issue-chart canvas")).to_be_visible()
    check(page)

    page.get_by_role("link", name="Tag these tickets").click()
    expect(page.get_by_label(f"The 2 tickets of the issue “{LABEL}”")).to_be_checked()
    tag = new_tag()
    page.get_by_label("Tags", exact=True).fill(tag)
    check(page)
    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Plan ready")
    expect(page.locator("#apply")).to_have_text(f"Add {tag} to 2 tickets")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"of the issue “{LABEL}”")
