"""How a plan's macro reads on single tickets, before it is started."""

import pytest

from app.models import JobStatus, Role
from app.services.comment import Comment
from app.services.preview import as_read
from app.zendesk.sandbox.directory import FIRST_REQUESTER
from tests.fixtures.running_jobs import finish, permit
from tests.fixtures.visitor import Page

APPLY = {"kind": "unknown_404", "route": "GET /tickets/*/macros/*/apply"}
GREETING = ("comment_value_html", "<p>About {{ticket.title}}, {{ticket.assignee.name}} says:</p>")
NOTE = (("comment_value", "Checked {{ticket.id}}."), ("comment_mode_is_public", "false"))


@pytest.fixture
def macro_plan(sandbox, make_job):
    """The plan of a job of the admin's that applies a macro of these actions."""

    def plan(tickets, *actions):
        job = make_job(
            tickets,
            email="admin@giga.test",
            tool_slug="apply-macro-to-view",
            operation="apply_macro",
            arguments={"macro_id": sandbox.add_macro("Made by a test", actions)},
        )
        finish(job, until=JobStatus.PLANNED)
        return job

    return plan


def preview(admin, job, query=""):
    return Page(admin.get(f"/jobs/{job.job_id}/preview{query}").text)


@pytest.fixture
def twelve(sandbox, admin):
    return [
        sandbox.add_ticket(status="open", subject=f"Parcel {number}", assignee_id=None)
        for number in range(12)
    ]


def test_the_placeholders_are_filled_in_for_each_ticket(sandbox, admin, macro_plan):
    ticket = sandbox.add_ticket(
        status="open", subject="A kettle", assignee_id=9001, requester_id=FIRST_REQUESTER
    )

    text = preview(admin, macro_plan([ticket], GREETING)).text

    assert f"Ticket {ticket} Public reply About A kettle," in text
    assert f"By e-mail to requester {FIRST_REQUESTER}." in text
    assert "Nothing to fill in here" not in text


def test_ten_are_shown_and_then_the_rest(admin, macro_plan, twelve):
    job = macro_plan(twelve, GREETING)

    first, rest = preview(admin, job), preview(admin, job, "?after=9")

    assert (first.html.count("About Parcel"), rest.html.count("About Parcel")) == (10, 2)
    assert f"/jobs/{job.job_id}/preview?after=9" in first.html
    assert "Show the next ten" not in rest.text


def test_any_ticket_of_the_plan_is_shown_by_its_number(admin, macro_plan, twelve):
    job = macro_plan(twelve, GREETING)

    page = preview(admin, job, f"?ticket={twelve[11]}")

    assert "About Parcel 11" in page.text
    assert page.html.count("About Parcel") == 1


def test_a_ticket_may_be_named_by_its_address_in_zendesk(admin, macro_plan, twelve):
    job = macro_plan(twelve, GREETING)

    page = preview(
        admin, job, f"?ticket=https://acme.zendesk.test/agent/tickets/{twelve[11]}&after=3"
    )

    assert page.html.count("About Parcel") == 1
    assert "About Parcel 11" in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?ticket=99999", "Ticket 99999 is not among those that this plan will change."),
        ("?ticket=many", "Type the number of a ticket, like 12345"),
        ("?ticket=" + "9" * 5000, "Type the number of a ticket, like 12345"),
        ("?after=500", "There are no more tickets that this plan will change."),
    ],
)
def test_what_is_not_there_is_said(admin, macro_plan, twelve, query, words):
    assert words in preview(admin, macro_plan(twelve, GREETING), query).text


def test_what_has_nothing_to_fill_in_is_said(admin, macro_plan, twelve):
    page = preview(admin, macro_plan(twelve[:1], GREETING))

    assert "Nothing to fill in here: ticket.assignee.name ." in page.text


def test_a_note_is_for_agents_only(admin, macro_plan, twelve):
    page = preview(admin, macro_plan(twelve[:1], *NOTE))

    assert f"Internal note Checked {twelve[0]}. For agents only." in page.text


def test_a_macro_without_a_comment_writes_none(admin, macro_plan, twelve):
    page = preview(admin, macro_plan(twelve[:1], ("status", "pending")))

    assert "No comment is written on this ticket." in page.text


def test_hostile_text_of_a_ticket_is_shown_as_text(sandbox, admin, macro_plan):
    ticket = sandbox.add_ticket(status="open", subject="<script>alert(1)</script><img src=//x>")
    job = macro_plan([ticket], ("comment_value_html", "<p>About {{ticket.title}}</p>"))

    html = preview(admin, job).html

    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
    assert "<img" not in html


def test_a_macro_that_was_edited_is_not_shown(sandbox, admin, macro_plan, twelve):
    job = macro_plan(twelve, GREETING)
    sandbox.set_macro(job.arguments["macro_id"], actions=(("status", "pending"),))

    page = preview(admin, job)

    assert "The macro was edited after the plan was made" in page.text
    assert "About Parcel" not in page.text


def test_a_ticket_that_was_changed_since_is_said_to_be_left_alone(
    sandbox, admin, macro_plan, twelve
):
    job = macro_plan(twelve[:2], GREETING)
    sandbox.set_ticket(twelve[0], additional_tags=["moved"])

    text = preview(admin, job).text

    assert "Will be left alone." in text
    assert "About Parcel 1" in text


def test_tickets_that_are_gone_are_said_to_be_left_alone(sandbox, admin, macro_plan, twelve):
    job = macro_plan(twelve[:1], GREETING)
    sandbox.change_settings(faults=[APPLY])

    text = preview(admin, job).text

    assert "There is no such ticket in Zendesk any more." in text


def test_trouble_with_zendesk_is_a_sentence(sandbox, admin, macro_plan, twelve):
    job = macro_plan(twelve, GREETING)
    sandbox.change_settings(down=True)

    page = preview(admin, job)

    assert "Zendesk does not show it now:" in page.text
    assert "Try again in a moment." in page.text


def test_after_the_start_there_is_no_preview(sandbox, admin, macro_plan, twelve):
    job = macro_plan(twelve[:1], GREETING)
    address = f"/jobs/{job.job_id}"
    assert 'id="preview"' in admin.get(address).text
    admin.submit(address, f"{address}/apply", typed_count="1")

    answer = admin.get(f"{address}/preview")

    assert answer.location == address
    assert "before it is started" in admin.get(address).text
    assert 'id="preview"' not in admin.get(address).text


def test_a_tag_job_has_no_preview(sandbox, sign_in, plan_job):
    owner = sign_in("agent@giga.test")
    job = plan_job([sandbox.add_ticket()])

    assert owner.get(f"/jobs/{job.job_id}/preview").status_code == 302
    assert 'id="preview"' not in owner.get(f"/jobs/{job.job_id}").text


def test_only_those_who_may_apply_macros_see_it(agent, sandbox, make_job):
    macro = sandbox.add_macro("Made by a test", (GREETING,))
    job = make_job(
        [sandbox.add_ticket(status="open")],
        tool_slug="apply-macro-to-view",
        operation="apply_macro",
        arguments={"macro_id": macro},
    )
    finish(job, until=JobStatus.PLANNED)
    permit(Role.USER, "apply-macro-to-view", may_use=False)

    assert agent.get(f"/jobs/{job.job_id}/preview").status_code == 403
    assert 'id="preview"' not in agent.get(f"/jobs/{job.job_id}").text


def test_looking_at_it_writes_nothing(sandbox, admin, macro_plan, twelve, caplog):
    preview(admin, macro_plan(twelve, GREETING))

    assert sandbox.summary()["deliveries"] == 0
    assert "About Parcel" not in caplog.text


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ('<img src="https://x.example/a.png" alt="A kettle">', "[picture: A kettle]"),
        ("<img src=//x.example/a.png>", "[picture]"),
        ('<a href="https://x.example/">here</a>', "here (https://x.example/)"),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/"),
        ("<script>alert(1)</script>Hello", "Hello"),
        ("2 &lt; 3", "2 < 3"),
    ],
)
def test_a_comment_is_shown_as_it_is_read(html, words):
    assert as_read(Comment(html, is_html=True, public=True)) == words


LONG = 64_000  # characters, as many as Zendesk takes


# Where time grew with the square of the length, each took a minute and more.
@pytest.mark.timeout(30)
@pytest.mark.parametrize("begun", ["<a href='", "<a "])
def test_a_customer_cannot_keep_the_preview_busy_with_markup_that_never_ends(begun):
    html = begun * (LONG // len(begun)) + "The end"

    words = as_read(Comment(html, is_html=True, public=True))

    assert words.endswith("The end")
