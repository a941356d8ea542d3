"""zdesk from PyPI, as it is, against the sandbox over plain http."""

import time

import pytest
from zdesk import Zendesk, ZendeskError

from tests.strangers.waiting import until


@pytest.fixture
def zdesk(desk, serve):
    return Zendesk(
        f"http://127.0.0.1:{serve(desk)}",
        zdesk_email="admin@sandbox.test",
        zdesk_password="sandbox-token",
        zdesk_token=True,
    )


def done(zdesk, answer):
    """The Zendesk job's status once it is over; the answer is its address."""
    job_id = answer["job_status"]["id"] if isinstance(answer, dict) else answer.rsplit("/", 1)[-1]
    return until(
        lambda: over(
            zdesk.job_status_show(job_status_id=job_id.removesuffix(".json"))["job_status"]
        )
    )


def over(status):
    return status if status["status"] in {"completed", "failed"} else None


def test_signs_in(zdesk):
    me = zdesk.users_me()["user"]

    assert (me["email"], me["role"]) == ("admin@sandbox.test", "admin")


def test_wrong_credentials_are_an_error_of_its_own(desk, serve):
    stranger = Zendesk(
        f"http://127.0.0.1:{serve(desk)}",
        zdesk_email="a@b.test",
        zdesk_password="x",
        zdesk_token=True,
    )

    with pytest.raises(ZendeskError) as refused:
        stranger.tickets_list()

    assert refused.value.error_code == 401


def test_pages_through_all_tickets(zdesk):
    tickets = zdesk.tickets_list(get_all_pages=True)["tickets"]

    assert len({ticket["id"] for ticket in tickets}) == len(tickets) > 500


def test_pages_through_a_view(zdesk, desk):
    view = next(one for one in zdesk.views_list()["views"] if one["title"] == "Unsolved tickets")

    tickets = zdesk.view_tickets(view_id=view["id"], get_all_pages=True)["tickets"]

    count = zdesk.view_count(view_id=view["id"])["view_count"]
    assert len({ticket["id"] for ticket in tickets}) == count["value"] > 200


def test_updates_many_tickets_alike(zdesk, desk):
    answer = zdesk.tickets_update_many({"ticket": {"additional_tags": ["zdesk"]}}, ids="1,2,3")

    results = done(zdesk, answer)["results"]

    assert [result["success"] for result in results] == [True] * 3
    assert all("zdesk" in desk.tags_of(ticket) for ticket in (1, 2, 3))


def test_updates_many_tickets_each_in_its_own_way(zdesk, desk):
    open_tickets = [desk.add_ticket(status="open") for _ in range(2)]
    changes = [{"id": one, "priority": "urgent", "tags": [f"t{one}"]} for one in open_tickets]

    done(zdesk, zdesk.tickets_update_many({"tickets": changes}))

    assert [desk.tags_of(one) for one in open_tickets] == [{f"t{one}"} for one in open_tickets]
    assert {desk.ticket(one)["priority"] for one in open_tickets} == {"urgent"}


def test_updates_one_ticket_with_a_comment_and_reads_it_back(zdesk, desk):
    ticket = desk.add_ticket(status="open")
    comment = {"body": "We are looking into it.", "public": False}

    zdesk.ticket_update(
        ticket_id=ticket, data={"ticket": {"comment": comment, "status": "pending"}}
    )

    comments = zdesk.ticket_comments(ticket_id=ticket)["comments"]
    assert (comments[-1]["body"], comments[-1]["public"]) == ("We are looking into it.", False)
    assert zdesk.ticket_show(ticket_id=ticket)["ticket"]["status"] == "pending"


def test_lists_macros_and_applies_one_without_changing_the_ticket(zdesk, desk):
    ticket = desk.add_ticket(status="open")
    macros = zdesk.macros_list(get_all_pages=True)["macros"]
    solving = next(
        one for one in macros if {"field": "status", "value": "solved"} in one["actions"]
    )

    result = zdesk.ticket_macro_apply(ticket_id=ticket, macro_id=solving["id"])["result"]

    assert result["ticket"]["status"] == "solved"
    assert desk.ticket(ticket)["status"] == "open"


def test_exports_incrementally(zdesk):
    start = int(time.time()) - 400 * 86_400

    answer = zdesk.incremental_tickets_list(start_time=start)

    assert len(answer["tickets"]) >= 600
    assert answer["tickets"][0]["generated_timestamp"] >= start


def test_exports_all_pages_by_time(serve, make_sandbox):
    many = make_sandbox(tickets=2500, speed=600, requests_per_minute=100_000)
    stranger = Zendesk(
        f"http://127.0.0.1:{serve(many)}",
        zdesk_email="admin@sandbox.test",
        zdesk_password="sandbox-token",
        zdesk_token=True,
    )

    tickets = stranger.incremental_tickets_list(start_time=1, get_all_pages=True)["tickets"]

    assert {ticket["id"] for ticket in tickets} == set(range(1, 2501))


def test_is_told_when_the_minute_is_used_up(zdesk, desk):
    desk.change_settings(requests_per_minute=1, speed=1.0)
    zdesk.users_me()

    with pytest.raises(ZendeskError) as refused:
        zdesk.users_me()

    assert refused.value.error_code == 429
    assert int(refused.value.response.headers["Retry-After"]) <= 60
