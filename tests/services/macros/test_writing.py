"""A macro's change, written to Zendesk, leaves the ticket as Zendesk said that the macro would."""

import time

import pytest

from app.services.change import Change, payload
from app.services.macros import compile_macro, effect_of, rendered
from app.zendesk.sandbox.fields import PRODUCT_FIELD, REFUND_FIELD, WAITING_FOR_PARTS
from tests.services.macros.desk import ALIVE, ME, add

MACROS = {
    "local": [
        ("status", "solved"),
        ("current_tags", "refund-sent"),
        ("remove_tags", "refund-due"),
        (f"custom_fields_{REFUND_FIELD}", "true"),
        (f"custom_fields_{PRODUCT_FIELD}", "lamp_l1"),
        ("comment_mode_is_public", "false"),
        ("comment_value_html", "<p>Sent <b>today</b>.</p>"),
    ],
    "set tags, unassign and follow": [
        ("set_tags", "clean"),
        ("assignee_id", ""),
        ("group_id", ""),
        ("follower", "9005"),
        ("custom_status_id", str(WAITING_FOR_PARTS)),
    ],
    "placeholders": [
        ("assignee_id", "current_user"),
        ("comment_value", "Hello {{ticket.requester.name}},\n\nabout {{ticket.title}}."),
    ],
    "asked": [
        ("group_id", "current_groups"),
        ("subject", "[{{ticket.id}}] {{ticket.title}}"),
        ("priority", "urgent"),
    ],
}


@pytest.fixture
def write(client):
    """Send each ticket its change, and wait for Zendesk's job: its results."""

    def send(items):
        job = client.update_each(items)
        deadline = time.monotonic() + 10
        while not job.is_over and time.monotonic() < deadline:
            time.sleep(0.01)
            job = client.job_status(job.id)
        return job.results

    return send


def planned(compiled, ticket, client):
    """The change as the engine comes by it: planned, and rendered just before its batch."""
    ask = compiled.asks_for_fields
    decision = compiled.decide(
        ticket, client.apply_macro_to(ticket.id, compiled.id) if ask else None
    )
    if isinstance(decision, Change) and decision.comment and decision.comment.awaits_rendering:
        return rendered(decision, ticket, client.apply_macro_to(ticket.id, compiled.id))
    return decision


@pytest.mark.parametrize("actions", MACROS.values(), ids=list(MACROS))
def test_a_written_ticket_is_as_zendesk_said_it_would_be(sandbox, client, account, write, actions):
    macro = sandbox.add_macro("Written", actions)
    compiled = compile_macro(client.macro(macro), ME, account)
    tickets = [client.ticket(add(sandbox, fields)) for fields in ALIVE]
    wanted = {one.id: client.apply_macro_to(one.id, macro) for one in tickets}
    changes = {one.id: planned(compiled, one, client) for one in tickets}

    todo = [one for one in tickets if isinstance(changes[one.id], Change)]
    results = write([payload(changes[one.id], one, macro_id=macro) for one in todo])

    assert len(todo) >= len(tickets) - 1
    assert {one.id for one in todo} == results.keys()
    assert all(result.success for result in results.values())
    for before in todo:
        now, answer = client.ticket(before.id), wanted[before.id]
        assert effect_of(answer, now).before(now) == {}
        assert effect_of(answer, now).comment == effect_of(answer, before).comment
        newest = next(iter(client.audits(before.id, newest_first=True)))
        assert "AgentMacroReference" in {event.type for event in newest.events}
        assert sandbox.truth(before.id)[-1]["asked"]["macro_ids"] == [macro]
        assert_said(client, before.id, answer.comment)


def assert_said(client, ticket_id, wanted):
    if wanted is None:
        return
    newest = next(iter(client.comments(ticket_id, newest_first=True)))
    assert wanted.html_body in newest.html_body
    assert newest.public == wanted.public


def test_a_ticket_that_moved_is_not_written(sandbox, client, compiled, write):
    ticket = client.ticket(sandbox.add_ticket(status="open"))
    change = compiled(("comment_value", "Hi")).decide(ticket)
    sandbox.set_ticket(ticket.id, tags=["moved"])

    results = write([payload(change, ticket)])

    assert results[ticket.id].error == "UpdateConflict"
    assert not any(entry["comment"] for entry in sandbox.truth(ticket.id))


def test_a_second_delivery_meets_a_conflict_and_not_a_second_comment(
    sandbox, client, compiled, write
):
    ticket = client.ticket(sandbox.add_ticket(status="open"))
    item = payload(compiled(("comment_value", "Hi")).decide(ticket), ticket)

    first, second = write([item]), write([item])

    assert first[ticket.id].success
    assert second[ticket.id].error == "UpdateConflict"
    assert len([entry for entry in sandbox.truth(ticket.id) if entry["comment"]]) == 1
