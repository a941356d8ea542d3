"""What is said of a macro before it is applied to many tickets."""

from types import SimpleNamespace

import pytest

from app.services.macros import Account, compile_macro
from app.services.macros.lint import Circumstances, Finding, Severity, lint, with_numbers
from app.zendesk.sandbox.fields import MADE_GOOD, WITH_ENGINEERING
from tests.services.macros.desk import ME, macro_of

REPLY = ("comment_value_html", "<p>Dear {{ticket.requester.name}}, it is on its way.</p>")
NOTE = (("comment_value", "Checked."), ("comment_mode_is_public", "false"))


@pytest.fixture
def findings(compiled):
    """What is found of a macro of these actions: severity and sentence, by code."""

    def found(*actions, around=None, attachments=()):
        made = compiled(*actions, attachments=attachments)
        return {one.code: one for one in lint(made, around or Circumstances())}

    return found


def test_a_harmless_macro_has_nothing_to_be_said_of(findings):
    assert findings(("current_tags", "refund"), ("status", "pending")) == {}


@pytest.mark.parametrize(
    ("actions", "code", "severity", "words"),
    [
        ([REPLY], "public_reply", "stop", "gets an e-mail"),
        ([("set_tags", "a b")], "set_tags", "stop", "all other tags that a ticket has are lost"),
        ([("share_ticket", "31001")], "left_out", "stop", "Left out: it shares the ticket"),
        ([("side_conversation", ["x"])], "left_out", "stop", "side conversation"),
        ([("set_skills", "1")], "left_out", "stop", "skills"),
        ([("status", "solved")], "required", "careful", "Zendesk refuses those on which a field"),
        ([("custom_status_id", str(MADE_GOOD))], "required", "careful", "It solves tickets."),
        ([("assignee_id", "current_user")], "current_user", "careful", "It assigns tickets to"),
        ([("follower", "current_user")], "current_user", "careful", "a follower"),
        ([("group_id", "current_groups")], "current_user", "careful", "a group of"),
        ([REPLY], "placeholders", "note", "(ticket.requester.name)"),
        ([("priority", "{{ticket.id}}")], "asks", "note", "Zendesk must be asked"),
    ],
)
def test_each_thing_is_said_in_a_sentence(findings, actions, code, severity, words):
    finding = findings(*actions)[code]

    assert finding.severity == severity
    assert words in finding.words
    assert finding.words.endswith(".")


def test_an_internal_note_goes_to_nobody(findings):
    assert "public_reply" not in findings(*NOTE)


def test_a_custom_status_that_is_not_solved_solves_nothing(findings):
    assert "required" not in findings(("custom_status_id", str(WITH_ENGINEERING)))


def test_files_are_left_out(findings):
    assert "a file (a.pdf)" in findings(REPLY, attachments=["a.pdf"])["left_out"].words


def test_the_current_user_is_named(findings):
    found = findings(("assignee_id", "current_user"), around=Circumstances(me="Robin Example"))

    assert "here that is Robin Example, as whom Giga Tools is connected" in (
        found["current_user"].words
    )


def test_the_required_fields_are_named(findings):
    found = findings(("status", "solved"), around=Circumstances(required=["Resolution", "Order"]))

    assert "must be filled in by then: Resolution, Order." in found["required"].words


@pytest.mark.parametrize(
    ("around", "code", "words"),
    [
        (Circumstances(active=False), "inactive", "It is inactive"),
        (Circumstances(for_agents=["Robin Example"]), "personal", "macro of Robin Example"),
        (Circumstances(for_groups=list("ABCDEF")), "restricted", "A, B, C, D, 2 more."),
    ],
)
def test_who_may_use_it_is_said(findings, around, code, words):
    assert words in findings(("status", "open"), around=around)[code].words


def test_what_is_worst_comes_first(compiled):
    macro = compiled(REPLY, ("status", "solved"), ("set_tags", "a"))

    severities = [finding.severity for finding in lint(macro, Circumstances())]

    assert severities == ["stop", "stop", "careful", "note"]


def test_without_the_accounts_fields_it_is_not_said_that_zendesk_must_be_asked():
    macro = compile_macro(macro_of(("custom_fields_1", "x")), ME, Account())

    assert lint(macro, Circumstances()) == []


# With the numbers of a plan


def counted(code, **numbers):
    usual = {"replies": 0, "people": 0, "lacking": 0, "lacks": {}, "tried": 0, "empty": {}}
    finding = Finding(code, Severity.NOTE, "As it was.")
    reached = SimpleNamespace(**(usual | numbers))
    return next(iter(with_numbers([finding], reached, {"17": "Resolution"})), None)


def test_replies_are_counted():
    assert counted("public_reply", replies=1300, people=1240).words == (
        "1,300 public replies go out by e-mail to 1,240 different requesters, and to whoever is in CC."
    )
    assert counted("public_reply", replies=1, people=1).words == (
        "1 public reply goes out by e-mail to 1 requester, and to whoever is in CC."
    )


def test_tickets_that_may_be_refused_are_counted():
    finding = counted("required", lacking=12, lacks={"17": 10, "18": 12})

    assert finding.words == (
        "Zendesk may refuse 12 tickets: to solve them, what is empty must be filled in: field 18 (12), Resolution (10)."
    )


def test_empty_placeholders_are_counted_and_ask_for_care():
    finding = counted("placeholders", tried=20, empty={"ticket.id": 3})

    assert "Of 20 tickets tried, some have nothing to fill in: ticket.id on 3." in finding.words
    assert finding.severity == "careful"
    assert "None of its placeholders" in counted("placeholders", tried=20).words
    assert counted("placeholders").words == "As it was."


def test_what_turns_out_to_ask_for_care_comes_before_notes():
    findings = [Finding(code, Severity.NOTE, "As it was.") for code in ("asks", "placeholders")]
    reached = SimpleNamespace(tried=20, empty={"ticket.id": 3})

    assert [one.code for one in with_numbers(findings, reached, {})] == ["placeholders", "asks"]


@pytest.mark.parametrize("code", ["public_reply", "required"])
def test_what_concerns_no_ticket_of_the_plan_is_not_said(code):
    assert counted(code) is None


def test_what_has_no_numbers_stays(findings):
    assert counted("set_tags").words == "As it was."


def test_a_finding_is_kept_as_json():
    finding = Finding("inactive", Severity.CAREFUL, "It is inactive.")

    assert Finding.of(finding.to_json()) == finding
