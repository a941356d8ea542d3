"""Answers in the shapes in which Zendesk was recorded to give them, over real HTTP."""

import pytest

from app.zendesk import errors
from app.zendesk.resources import FieldOption, Page, Restriction
from tests.zendesk import asking
from tests.zendesk import recorded as r


@pytest.mark.parametrize("headers", [r.HEADERS_OF_2023, r.HEADERS_OF_2024], ids=["2023", "2024"])
def test_a_ticket_is_read_with_what_we_use_of_it(zendesk, headers):
    ticket = zendesk.answers({"ticket": r.TICKET}, headers=headers).ticket(35)

    assert (ticket.id, ticket.status, ticket.type, ticket.priority) == (35, "open", "incident", "")
    assert ticket.tags == {"lamp", "späť"}
    assert ticket.custom_fields == {27642: "745", 27648: None}
    assert (ticket.updated_at, ticket.created_at) == (
        "2023-09-18T23:25:12Z",
        "2023-09-18T22:51:04Z",
    )
    assert (ticket.subject, ticket.description) == ("The lamp flickers", "It does so at night.")
    assert (ticket.group_id, ticket.assignee_id) == (810000000001, None)


def test_a_ticket_with_only_an_id_is_a_ticket(zendesk):
    assert zendesk.answers({"ticket": {"id": 35}}).ticket(35).id == 35


def test_a_ticket_with_words_that_did_not_exist_yet_is_a_ticket(zendesk):
    new = r.TICKET | {"status": "dreaming", "type": "wish", "mood": {"colour": [1, 2]}}

    ticket = zendesk.answers({"ticket": new}).ticket(35)

    assert (ticket.status, ticket.type) == ("dreaming", "wish")


def test_a_count_that_zendesk_is_still_making_is_not_zero(zendesk):
    counted = r.COUNTING | {"value": 1182, "pretty": "1182", "fresh": True}
    client = zendesk.answers({"view_count": r.COUNTING}, {"view_count": counted})

    first, second = client.view_count(360), client.view_count(360)

    assert (first.value, first.fresh) == (None, False)
    assert (second.value, second.fresh) == (1182, True)


def test_jobs_are_read_in_each_state(zendesk):
    listed = [r.QUEUED, r.COMPLETED | {"id": "b"}, r.FAILED_CREATION | {"id": "c"}]
    listed.append(r.DELETED_FOR_GOOD | {"id": "d"})

    jobs = zendesk.answers({"job_statuses": listed}).job_statuses("abcd")
    queued, completed, failed, deleted = jobs.values()

    assert (queued.is_over, queued.total, queued.progress, queued.results) == (False, 2, None, {})
    assert (completed.is_over, completed.message[:9]) == (True, "Completed")
    assert completed.results[35].success
    assert not completed.results[36].success
    assert completed.results[36].details == "Status: closed prevents ticket update"
    assert (failed.is_over, failed.results) == (True, {})
    assert (deleted.is_over, deleted.results) == (True, {})


def test_a_job_is_asked_for_by_its_id_alone(zendesk):
    zendesk.answers({"job_status": r.QUEUED}).job_status("V3-1/../../users?x=")

    assert (
        zendesk.asked[0]
        .environ["REQUEST_URI"]
        .endswith("/job_statuses/V3-1%2F..%2F..%2Fusers%3Fx%3D.json")
    )


def test_a_macro_keeps_its_actions_in_order_and_as_they_are(zendesk):
    macro = zendesk.answers({"macro": r.MACRO}).macro(25)

    assert macro.actions[:2] == (("status", "pending"), ("current_tags", "lamp bulb"))
    assert dict(macro.actions)["comment_value"] == [
        "channel:all",
        "Which bulb is it, {{ticket.id}}?",
    ]
    assert dict(macro.actions)["comment_mode_is_public"] is True
    assert macro.restriction == Restriction("Group", (810000000001, 810000000002))
    assert macro.usage == {"7d": 12}


@pytest.mark.parametrize("nobody", [None, {}])
def test_a_macro_for_everybody_has_no_restriction(zendesk, nobody):
    assert (
        zendesk.answers({"macro": r.MACRO | {"restriction": nobody}}).macro(25).restriction is None
    )


def test_what_a_macro_changes_is_parted_from_what_it_says(zendesk):
    result = zendesk.answers(r.MACRO_RESULT).apply_macro(25)

    assert result.ticket == {"assignee_id": 900000000002, "group_id": 810000000001}
    assert result.custom_fields == {27642: "745"}
    assert (result.comment.body, result.comment.public) == ("Which bulb is it?", False)
    assert result.comment.scoped == (("channel:all", "Which bulb is it?"),)


def test_the_full_ticket_that_a_macro_would_make_is_read(zendesk):
    result = zendesk.answers(r.FULL_MACRO_RESULT).apply_macro_to(35, 25)

    assert (result.ticket["status"], result.ticket["id"]) == ("pending", 35)
    assert result.custom_fields == {27642: "745", 27648: None}
    assert result.comment.public is True


def test_an_audit_tells_our_token_and_what_changed(zendesk):
    (audit,) = zendesk.answers(r.page("audits", [r.AUDIT])).audits(35, newest_first=True)
    change, comment, other = audit.events

    assert zendesk.asked[0].args["sort"] == "-created_at"
    assert audit.custom == {"console_job": "b0b1"}
    assert (change.previous_value, change.value) == (["lamp"], ["lamp", "vip"])
    assert (comment.body, comment.public) == ("We look into it.", False)
    assert (other.type, other.public) == ("Notification", None)


def test_an_anonymous_user_is_no_sign_in(zendesk):
    with pytest.raises(errors.SignInRefused):
        zendesk.answers({"user": r.ANONYMOUS}).me()


def test_the_token_in_use_is_described_without_itself(zendesk):
    token = zendesk.answers({"token": r.TOKEN}).token_in_use()

    assert (token.scopes, token.user_id) == (("read", "write"), 900000000002)
    assert "af3345kdj3" not in repr(token)


def test_fields_and_settings_are_read(zendesk):
    client = zendesk.answers(r.page("ticket_fields", [r.FIELD]), {"settings": r.SETTINGS})

    (field,) = client.ticket_fields()
    settings = client.account_settings()

    assert (field.type, field.required, field.options) == (
        "tagger",
        True,
        (FieldOption("Bright::745", "745"),),
    )
    assert settings.comments_are_public
    assert settings.is_sandbox


@pytest.mark.parametrize("asked", asking.ALL, ids=str)
def test_each_thing_that_we_ask_is_read(zendesk, asked):
    found = asked.of(zendesk.answers(asked.answer))

    assert found or isinstance(found, Page)
