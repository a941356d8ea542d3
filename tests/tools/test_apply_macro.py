"""Applying a macro to the tickets of a view: the page."""

import pytest

from app.services.macro_library import copying
from tests.fixtures.visitor import Page

PAGE = "/tools/apply-macro-to-view"


@pytest.fixture
def view(sandbox):
    for _ in range(3):
        sandbox.add_ticket(status="open", tags=["x"])
    return sandbox.add_view("Late parcels", lambda ticket: "x" in ticket.tags)


@pytest.fixture
def macro(sandbox):
    return sandbox.add_macro("Refund", (("status", "solved"), ("current_tags", "refund")))


def fill(view, macro, /, **changes):
    return {"macro_id": str(macro), "view": str(view), "limit": "500"} | changes


def test_a_plan_is_shown_before_anything_is_written(sandbox, admin, view, macro):
    answer = admin.submit(PAGE, **fill(view, macro))
    page = Page(admin.get(answer.location).text).text

    assert "3 of 3 tickets will change. Nothing has been changed yet." in page
    assert f"Apply macro {macro} to Late parcels" in page
    assert "Set status to Solved" in page
    assert sandbox.summary()["deliveries"] == 0


def test_the_plan_is_carried_out(sandbox, admin, view, macro):
    plan = admin.submit(PAGE, **fill(view, macro)).location

    admin.submit(plan, f"{plan}/apply")

    assert sandbox.summary(tag="refund")["with_tag"] == 3


def test_the_same_form_sent_twice_makes_one_job(admin, view, macro):
    form = Page(admin.get(PAGE).text).fields | fill(view, macro)

    first, second = (admin.open(PAGE, "POST", data=form).location for _ in range(2))

    assert first == second


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_it_is_for_admins(agent, method):
    assert agent.open(PAGE, method).status_code in {400, 403}
    assert agent.get(PAGE).status_code == 403
    assert PAGE not in agent.get("/").text


def test_a_post_by_somebody_else_makes_nothing(agent, admin, view, macro):
    form = Page(agent.get("/tools/tag-manager").text).fields | fill(view, macro)

    answer = agent.open(PAGE, "POST", data=form)

    assert answer.status_code == 403
    assert "No jobs yet" in admin.get("/jobs").text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("macro_id", "", "Say which macro."),
        ("macro_id", "twelve", "Say which macro."),
        ("macro_id", "0", "Say which macro."),
        ("view", [], "Choose a view."),
        ("limit", "60000", "Type a whole number from 1 to 50,000."),
        ("reason", "At length. " * 50, "At most 500 characters."),
    ],
    ids=["no number", "words", "zero", "no view", "too many", "too long"],
)
def test_what_cannot_be_is_kept_with_a_message(admin, view, macro, field, typed, words):
    answer = admin.submit(PAGE, **(fill(view, macro, reason="Batch 7") | {field: typed}))

    assert answer.status_code == 422
    assert words in Page(answer.text).text
    assert (typed or "Batch 7") in answer.text
    assert "No jobs yet" in admin.get("/jobs").text


def test_hostile_input_is_shown_as_text(admin, view, macro):
    answer = admin.submit(PAGE, **fill(view, macro, macro_id='"><script>alert(1)</script>'))

    assert "<script>alert" not in answer.text


def test_a_macro_that_is_gone_fails_the_plan_in_words(admin, view):
    answer = admin.submit(PAGE, **fill(view, 987_654))

    assert "Macro 987654 is gone" in Page(admin.get(answer.location).text).text


def test_trouble_with_zendesk_is_said_and_nothing_is_lost(sandbox, admin, view, macro):
    sandbox.change_settings(down=True)

    answer = admin.submit(PAGE, **fill(view, macro, reason="Batch 7"))

    assert "The views could not be read from Zendesk" in answer.text
    assert "Batch 7" in answer.text


@pytest.fixture
def copied(app, macro):
    """The macros are copied, so that they can be found by their words."""
    with app.app_context():
        copying.renew()
    return macro


def test_macros_are_found_by_words_and_the_chosen_one_stays(admin, copied):
    page = admin.get(f"{PAGE}/macros?macro_words=refund").text

    assert f'value="{copied}"' in page
    assert "Set status to Solved" in page
    other = admin.get(f"{PAGE}/macros?macro_words=nothing-like-it&macro_id={copied}").text
    assert f'value="{copied}" checked' in other


def test_the_macro_of_the_address_is_chosen_already(admin, copied):
    assert f'value="{copied}" checked' in admin.get(f"{PAGE}?macro_id={copied}").text


def test_a_copied_macro_gives_the_job_its_name(admin, copied, view):
    answer = admin.submit(PAGE, **fill(view, copied))

    assert "Apply “Refund” to Late parcels" in admin.get(answer.location).text


def test_words_that_no_macro_has_are_said(admin, copied):
    assert "No active macro has these words." in admin.get(f"{PAGE}/macros?macro_words=xyzzy").text


def test_only_admins_are_told_of_macros(agent, copied):
    assert agent.get(f"{PAGE}/macros?macro_words=refund").status_code == 403


@pytest.fixture
def risky(sandbox, app):
    """A copied macro of which there is much to be said."""
    number = sandbox.add_macro(
        "Recall",
        (
            ("comment_value_html", "<p>Dear <b>{{ticket.requester.name}}</b></p>"),
            ("set_tags", "recall"),
            ("assignee_id", "current_user"),
        ),
    )
    with app.app_context():
        copying.renew()
    return number


def test_the_chosen_macro_is_shown_with_what_to_know_of_it(admin, risky):
    text = Page(admin.get(f"{PAGE}/chosen?macro_id={risky}").text).text

    assert "What “ Recall ” does" in text
    assert "Replace all tags by recall" in text
    assert "Stop and look It writes a public reply" in text
    assert "Stop and look It sets the tags" in text
    assert "“current user”: here that is Ada Sandbox" in text


def test_without_zendesk_the_current_user_has_no_name(sandbox, admin, risky):
    sandbox.change_settings(down=True)

    text = Page(admin.get(f"{PAGE}/chosen?macro_id={risky}").text).text

    assert "here that is one and the same person" in text


def test_a_refused_form_says_what_to_know_of_the_macro(admin, view, risky):
    answer = admin.submit(PAGE, **fill(view, risky, view=[]))

    assert answer.status_code == 422
    assert "It writes a public reply" in answer.text


@pytest.mark.parametrize("typed", ["", "0", "twelve", "987654321", "9" * 40])
def test_nothing_is_said_of_what_is_no_macro(admin, risky, typed):
    assert "What “" not in admin.get(f"{PAGE}/chosen?macro_id={typed}").text


def test_the_reply_is_sent_after_the_number_was_typed(sandbox, admin, view, risky):
    plan = admin.submit(PAGE, **fill(view, risky)).location

    refused = admin.submit(plan, f"{plan}/apply")
    assert "This plan changes 3 tickets. Type 3" in admin.get(refused.location).text
    assert sandbox.summary()["deliveries"] == 0
    admin.submit(plan, f"{plan}/apply", typed_count="3")

    assert sandbox.summary(tag="recall")["with_tag"] == 3
