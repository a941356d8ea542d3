"""What the tickets themselves tell, where Zendesk said nothing."""

from dataclasses import replace

from app.models import Outcome
from app.services.engine.mark import mark
from app.services.engine.reconcile import Reconciler
from app.services.engine.row import Row
from app.services.engine.verdict import AGAIN, CHANGED
from app.services.reasons import Reason
from app.services.recipe import Recipe
from tests.services.engine.mishaps import forbid


def test_without_a_recipe_nobody_says_that_a_shared_change_was_made(sandbox, client):
    ticket = sandbox.add_ticket(tags=["vip"])
    row = Row(0, ticket, {"tags": ["vip"]}, {"tags": ["refund", "vip"]}, "", "a key", attempts=1)

    verdicts = Reconciler(client, "a job", recipe=None).verdicts([row])

    assert verdicts[ticket].outcome is Outcome.UNKNOWN


def test_nobody_says_that_a_ticket_has_a_change_that_is_shared_no_longer(sandbox, client, in_app):
    ticket = sandbox.add_ticket(tags=["vip"])
    stamp = client.ticket(ticket).updated_at
    row = Row(0, ticket, {"tags": ["vip"]}, {"tags": ["refund", "vip"]}, stamp, "a key", attempts=1)
    recipe = Recipe(decide=lambda tickets: [])

    verdicts = Reconciler(client, "a job", recipe).verdicts([row])

    assert verdicts[ticket].outcome is Outcome.UNKNOWN


def test_a_ticket_whose_history_we_may_not_see_holds_nobody_up(
    sandbox, client, transport, in_app, monkeypatch
):
    hidden, plain = (sandbox.add_ticket(status="open") for _ in range(2))
    rows = [
        Row(at, one, {"status": "open"}, {"status": "solved"}, "2020-01-01T00:00:00Z", None, 1)
        for at, one in enumerate((hidden, plain))
    ]
    forbid(transport, monkeypatch, lambda url: f"/tickets/{hidden}/audits" in url)

    verdicts = Reconciler(client, "a job", recipe=None).verdicts(rows)

    assert verdicts[hidden].reason is Reason.RESULT_UNKNOWN
    assert verdicts[plain].reason is Reason.CHANGED_SINCE_PLAN


def test_a_ticket_that_is_gone_is_said_to_be(sandbox, client):
    ticket = sandbox.add_ticket()
    sandbox.delete_ticket(ticket)

    verdicts = Reconciler(client, "a job", recipe=None).verdicts([solved(ticket)])

    assert verdicts[ticket].reason == Reason.NOT_FOUND


def test_a_ticket_that_goes_while_it_is_looked_at_was_not_ours(
    sandbox, transport, client, in_app, monkeypatch
):
    ticket, send = sandbox.add_ticket(status="open"), transport.send

    def send_and_delete(request, **options):
        if "/audits" in request.url:
            sandbox.delete_ticket(ticket)
        return send(request, **options)

    monkeypatch.setattr(transport, "send", send_and_delete)

    verdicts = Reconciler(client, "a job", recipe=None).verdicts([solved(ticket)])

    assert verdicts[ticket].reason == Reason.CHANGED_SINCE_PLAN


def test_an_update_that_lost_its_mark_is_known_by_our_user(sandbox, client, in_app):
    ticket = sandbox.add_ticket(status="open")
    queued = client.update_each([{"id": ticket, "status": "solved"}])
    while not client.job_statuses([queued.id])[queued.id].is_over:
        pass

    verdicts = Reconciler(client, "a job", recipe=None).verdicts([solved(ticket)])

    assert verdicts[ticket] == CHANGED


def solved(ticket):
    """The row of a ticket that was to be solved, and has moved since."""
    return Row(0, ticket, {"status": "open"}, {"status": "solved"}, "", None, attempts=1)


def test_a_comment_that_came_in_the_second_of_the_plan_is_not_sent_again(sandbox, client, in_app):
    ticket = sandbox.add_ticket(status="open")
    before = client.ticket(ticket)
    row = Row(
        0, ticket, {}, {"comment": {"text": "Hi", "public": True}}, before.updated_at, None, 1
    )
    change = {"id": ticket, "comment": {"body": "Hi", "public": True}}
    queued = client.update_each([change | mark("a job")])
    while not client.job_statuses([queued.id])[queued.id].is_over:
        pass
    same_second = replace(row, planned_stamp=client.ticket(ticket).updated_at)

    ours, theirs = (
        Reconciler(client, job, recipe=None).verdicts([same_second])[ticket]
        for job in ("a job", "another job")
    )

    assert (ours, theirs) == (CHANGED, AGAIN)
