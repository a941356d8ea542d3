"""The page of a macro's plan: what the macro does, what to know of it, and whom it writes to."""

import pytest

from app.models import JobStatus
from app.services.macro_library import copying
from app.zendesk.sandbox.directory import FIRST_ORGANIZATION, FIRST_REQUESTER
from app.zendesk.sandbox.fields import RESOLUTION_FIELD
from app.zendesk.sandbox.words import GROUPS
from tests.fixtures.running_jobs import finish
from tests.fixtures.visitor import Page

REPLY = ("comment_value_html", "<p>Dear {{ticket.assignee.name}}, it is on its way.</p>")
BILLING = GROUPS["Billing"]


@pytest.fixture
def planned(sandbox, admin, make_job):
    """A plan that applies a macro of these actions to two tickets of one requester."""

    def planned(*actions, **fields):
        usual = {"status": "open", "requester_id": FIRST_REQUESTER, "assignee_id": None}
        tickets = [
            sandbox.add_ticket(**usual | {"organization_id": FIRST_ORGANIZATION} | fields)
            for _ in range(2)
        ]
        job = make_job(
            tickets,
            email="admin@giga.test",
            tool_slug="apply-macro-to-view",
            operation="apply_macro",
            arguments={"macro_id": sandbox.add_macro("Made by a test", actions)},
        )
        finish(job, until=JobStatus.PLANNED)
        return job

    return planned


@pytest.fixture
def shown(admin, planned):
    """The text of its page."""

    def shown(*actions, **fields):
        return Page(admin.get(f"/jobs/{planned(*actions, **fields).job_id}").text).text

    return shown


def test_it_says_who_gets_e_mail_and_wants_the_number_typed(shown):
    text = shown(REPLY)

    assert (
        "Public replies 2 Different people 1 Get more than one 1 The most that one gets 2" in text
    )
    assert "2 public replies go out by e-mail to 1 requester, and to whoever is in CC." in text
    assert "This sends 2 public replies by e-mail to 1 person." in text
    assert "By organisation: " in text
    assert "Type the number of tickets that will change" in text


def test_a_macro_that_sets_tags_wants_the_number_typed(admin, planned):
    job = planned(("set_tags", "done"), tags=["vip"])
    address = f"/jobs/{job.job_id}"

    refused = admin.submit(address, f"{address}/apply")

    assert admin.get(f"{address}/status").json["status"] == "planned"
    text = Page(admin.get(refused.location).text).text
    assert "The macro sets the tags: all other tags that these tickets have now are lost." in text
    assert "This plan changes 2 tickets. Type 2 to say that this is what you want." in text


def test_a_macro_that_sets_tags_starts_with_the_number(admin, planned):
    job = planned(("set_tags", "done"), tags=["vip"])
    address = f"/jobs/{job.job_id}"

    admin.submit(address, f"{address}/apply", typed_count="2")

    assert admin.get(f"{address}/status").json["status"] == "completed"


def test_it_says_all_that_speaks_for_typing_the_number(shown):
    text = shown(REPLY, ("set_tags", "done"))

    assert "What is sent cannot be taken back. The macro sets the tags:" in text


def test_a_macro_that_adds_tags_wants_no_number(shown):
    assert "Type the number" not in shown(("current_tags", "done"))


def test_it_says_what_to_know_of_the_macro_with_its_numbers(shown):
    text = shown(REPLY, ("status", "solved"), ("set_tags", "done"))

    assert "Zendesk may refuse 2 tickets: to solve them, what is empty must be filled in:" in text
    assert "Resolution (2)" in text
    assert "Assignee (2)" in text
    assert "some have nothing to fill in: ticket.assignee.name on 2." in text
    assert "It sets the tags: all other tags that a ticket has are lost." in text


def test_it_names_the_connections_user(shown):
    text = shown(("assignee_id", "current_user"))

    assert "It assigns tickets to “current user”: here that is " in text
    assert "one and the same person" not in text


def test_it_says_which_version_of_the_macro_it_is_of(shown):
    text = shown(("status", "pending"))

    assert "version" in text
    assert "If somebody edits the macro before you start, the plan is refused" in text


def test_a_macro_that_writes_to_nobody_has_no_such_section(shown):
    assert "Who gets e-mail" not in shown(("status", "pending"))


def test_groups_and_fields_have_their_names(shown, sandbox, in_app):
    copying.renew()

    text = shown(
        ("group_id", str(BILLING)), (f"custom_fields_{RESOLUTION_FIELD}", "refunded"), group_id=None
    )

    assert "Set group to Billing" in text
    assert "Group from nothing → to Billing" in text
    assert "Resolution from nothing → to refunded" in text


def test_a_macro_that_was_edited_since_stops_the_start_with_what_changed(sandbox, admin, planned):
    job = planned(("status", "pending"))
    sandbox.set_macro(job.arguments["macro_id"], actions=(("status", "solved"),))
    address = f"/jobs/{job.job_id}"

    refused = admin.submit(address, f"{address}/apply")

    text = Page(admin.get(refused.location).text).text
    assert "The macro “Made by a test” was changed after the plan was made." in text
    assert "No longer: Set status to Pending. New: Set status to Solved." in text
    assert "Nothing was changed. Plan it again, and look at the new plan." in text


def test_a_hostile_macro_is_shown_as_text(sandbox, admin, planned):
    hostile = "<script>alert(1)</script>"
    job = planned(
        ("comment_value", f"Dear {hostile} {{{{ticket.{hostile}}}}}"), ("subject", hostile)
    )

    html = admin.get(f"/jobs/{job.job_id}").text

    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
