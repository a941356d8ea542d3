"""zenpy from PyPI, as it is, against the sandbox behind TLS."""

import datetime

import pytest
import requests
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Ticket
from zenpy.lib.exception import RecordNotFoundException

from tests.strangers.waiting import until


@pytest.fixture
def zenpy(tls_port, certificate):
    asked = {
        "grant_type": "client_credentials",
        "client_id": "sandbox-client",
        "client_secret": "sandbox-secret",
        "scope": "read write",
    }
    answer = requests.post(
        f"https://127.0.0.1:{tls_port}/oauth/tokens", json=asked, verify=certificate[0], timeout=10
    )
    return Zenpy(
        subdomain="127.0.0",
        domain=f"1:{tls_port}",
        oauth_token=answer.json()["access_token"],
        disable_cache=True,
    )


def over(zenpy, job):
    status = zenpy.job_status(id=job.id)
    return status if status.status in {"completed", "failed"} else None


def test_signs_in_with_a_token_of_the_client_credentials(zenpy):
    assert zenpy.users.me().email == "admin@sandbox.test"


def test_pages_through_all_tickets_by_cursor(zenpy):
    ids = [ticket.id for ticket in zenpy.tickets(cursor_pagination=100)]

    assert len(set(ids)) == len(ids) > 500


def test_pages_through_a_view(zenpy):
    view = next(one for one in zenpy.views.active() if one.title == "Unsolved tickets")

    ids = {ticket.id for ticket in zenpy.views.tickets(view.id)}

    assert len(ids) == zenpy.views.count(view).value > 200


def test_updates_many_and_follows_the_job(zenpy, desk):
    tickets = [zenpy.tickets(id=desk.add_ticket(status="open")) for _ in range(3)]
    for number, ticket in enumerate(tickets):
        ticket.priority = "high"
        ticket.tags = [*ticket.tags, f"zenpy-{number}"]

    job = zenpy.tickets.update(tickets)
    status = until(lambda: over(zenpy, job))

    assert [result.success for result in status.results] == [True] * 3
    assert [f"zenpy-{n}" in desk.tags_of(one.id) for n, one in enumerate(tickets)] == [True] * 3


def test_updates_one_ticket_and_reads_its_audit(zenpy, desk):
    ticket = zenpy.tickets(id=desk.add_ticket(status="open", priority="low"))
    ticket.priority = "urgent"
    ticket.comment = Comment(body="Raised.", public=False)

    audit = zenpy.tickets.update(ticket)

    changes = {
        event["field_name"]: event for event in audit.audit.events if event["type"] == "Change"
    }
    assert changes["priority"]["previous_value"] == "low"
    assert [one.body for one in zenpy.tickets.comments(ticket.id)][-1] == "Raised."
    assert list(zenpy.tickets.audits(ticket.id))[-1].id == audit.audit.id


def test_adds_sets_and_removes_tags(zenpy, desk):
    ticket = desk.add_ticket(tags=["kept"], status="open")

    zenpy.tickets.add_tags(ticket, ["one", "two"])
    zenpy.tickets.delete_tags(ticket, ["one"])

    assert desk.tags_of(ticket) == {"kept", "two"}


def test_sees_what_a_macro_would_do(zenpy, desk):
    ticket = desk.add_ticket(status="open")
    macro = next(
        one for one in zenpy.macros() if {"field": "status", "value": "solved"} in one.actions
    )

    effect = zenpy.tickets.show_macro_effect(ticket, macro.id)

    assert effect.ticket.status == "solved"
    assert desk.ticket(ticket)["status"] == "open"


def test_exports_incrementally_by_cursor(zenpy):
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=400)

    ids = {
        ticket.id for ticket in zenpy.tickets.incremental(start_time=start, paginate_by_time=False)
    }

    assert len(ids) >= 600


def test_searches(zenpy, desk):
    ticket = desk.add_ticket(tags=["found-by-zenpy"], status="open")

    found = zenpy.search(type="ticket", tags=["found-by-zenpy"])

    assert [one.id for one in found] == [ticket]


def test_meets_a_missing_ticket_as_its_own_error(zenpy):
    with pytest.raises(RecordNotFoundException):
        zenpy.tickets(id=999_999)


def test_makes_a_ticket(zenpy, desk):
    made = zenpy.tickets.create(Ticket(subject="Made by zenpy", description="From another client."))

    assert desk.ticket(made.ticket.id)["subject"] == "Made by zenpy"


def test_reads_organizations_and_whose_tickets_are_whose(zenpy, desk):
    desk.set_ticket(1, assignee_id=9002, organization_id=6003)

    assert len(list(zenpy.organizations())) == 40
    assert 1 in {ticket.id for ticket in zenpy.tickets.organizations(6003)}
    assert 1 in {ticket.id for ticket in zenpy.users.assigned(9002)}
    assert {group.id for group in zenpy.users.groups(9001)} >= {501}


def test_exports_people_by_time(zenpy):
    start = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)

    assert 100_001 in {user.id for user in zenpy.users.incremental(start_time=start)}


def test_makes_and_deletes_many(zenpy, desk):
    tickets = [Ticket(subject=f"{n}", description="Many by zenpy.") for n in range(3)]
    making = zenpy.tickets.create(tickets)
    ids = [result.id for result in until(lambda: over(zenpy, making)).results]

    deleting = zenpy.tickets.delete([zenpy.tickets(id=one) for one in ids])
    until(lambda: over(zenpy, deleting))

    assert len(set(ids)) == 3
    for one in ids:
        with pytest.raises(RecordNotFoundException):
            zenpy.tickets(id=one)
