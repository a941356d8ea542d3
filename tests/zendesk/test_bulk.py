"""The helpers that change many tickets."""

import pytest
import requests
import time_machine

from app.zendesk.batches import Batch, OwnPlaces
from app.zendesk.bulk import (
    _Flight,
    _OnePage,
    add_tags_to_tickets,
    remove_tags_from_tickets,
    update_tickets,
)
from app.zendesk.errors import AnswerLost
from tests.fixtures.zendesk import Fault

QUICK = {"poll_seconds": 0.005}


def test_adds_tags_to_more_tickets_than_one_call_takes(sandbox, client):
    tickets = [sandbox.add_ticket(tags=["kept"]) for _ in range(250)]

    results = add_tags_to_tickets(client, tickets, ["vip"], **QUICK)

    assert all(results[ticket].success for ticket in tickets)
    assert all(sandbox.tags_of(ticket) == {"kept", "vip"} for ticket in tickets)


def test_removes_tags(sandbox, client):
    ticket = sandbox.add_ticket(tags=["kept", "vip"])

    remove_tags_from_tickets(client, [ticket], ["vip"], **QUICK)

    assert sandbox.tags_of(ticket) == {"kept"}


def test_tells_its_progress_up_to_the_end(sandbox, client):
    tickets = [sandbox.add_ticket() for _ in range(250)]
    told = []

    add_tags_to_tickets(client, tickets, ["vip"], lambda *numbers: told.append(numbers), **QUICK)

    assert [total for _, total in told] == [250] * 3
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (250, 250)


def test_keeps_no_more_zendesk_jobs_in_flight_than_asked(sandbox, client):
    sandbox.change_settings(speed=60)  # none is over before the third is sent
    tickets = [sandbox.add_ticket() for _ in range(1000)]

    add_tags_to_tickets(client, tickets, ["vip"], places=OwnPlaces(3), **QUICK)

    assert sandbox.summary()["zendesk_jobs"]["most_at_once"] == 3


def test_waits_when_zendesk_has_no_room_for_more_jobs(sandbox, client):
    sandbox.change_settings(max_jobs=2)
    tickets = [sandbox.add_ticket() for _ in range(600)]

    add_tags_to_tickets(client, tickets, ["vip"], places=OwnPlaces(5), **QUICK)

    assert all(sandbox.tags_of(ticket) == {"vip"} for ticket in tickets)
    assert sandbox.summary()["zendesk_jobs"]["most_at_once"] == 2
    assert sandbox.summary()["answers"].get("429", 0) <= 6  # one for each time that room was found


def test_goes_on_where_zendesk_had_no_room_as_soon_as_one_job_is_over(sandbox, client):
    sandbox.change_settings(max_jobs=2)
    tickets = [sandbox.add_ticket() for _ in range(600)]
    book = _OnePage(tickets, {"additional_tags": ["vip"]}, lambda done, total: None)

    update_tickets(client, book, places=OwnPlaces(5), **QUICK)

    assert book.is_done


def test_a_ticket_that_fails_does_not_stop_the_rest(sandbox, client):
    tickets = [sandbox.add_ticket() for _ in range(3)]
    sandbox.fail_ticket(tickets[1], error="TicketUpdateFailed", details="Subject: is too odd")

    results = add_tags_to_tickets(client, tickets, ["vip"], **QUICK)

    assert [results[ticket].success for ticket in tickets] == [True, False, True]
    assert results[tickets[1]].details == "Subject: is too odd"


def test_a_change_that_zendesk_refuses_is_told_ticket_by_ticket(sandbox, client):
    sandbox.change_settings(update_many_max=10)
    tickets = [sandbox.add_ticket() for _ in range(20)]

    results = add_tags_to_tickets(client, tickets, ["vip"], **QUICK)

    assert not any(result.success for result in results.values())


def test_closed_tickets_can_still_be_tagged(sandbox, client):
    ticket = sandbox.add_ticket(status="closed")

    add_tags_to_tickets(client, [ticket], ["vip"], **QUICK)

    assert sandbox.tags_of(ticket) == {"vip"}


def test_an_answer_that_is_lost_ends_in_an_error_of_ours(sandbox, client, transport):
    ticket = sandbox.add_ticket()
    transport.faults.append(Fault(requests.ReadTimeout(), after=True))

    with pytest.raises(AnswerLost):
        add_tags_to_tickets(client, [ticket], ["vip"], **QUICK)


class Counted(OwnPlaces):
    """Places that note how often they were renewed."""

    renewals = 0

    def keep(self, tokens):
        self.renewals += 1
        super().keep(tokens)


def test_a_place_is_renewed_while_zendesk_is_at_work_and_then_given_back(sandbox, client):
    sandbox.change_settings(speed=60)
    places = Counted(3)

    add_tags_to_tickets(client, [sandbox.add_ticket()], ["vip"], places=places, **QUICK)

    assert places.renewals > 1
    assert places.taken == set()


def test_a_place_is_given_back_when_zendesk_refuses_the_batch(sandbox, client):
    sandbox.change_settings(update_many_max=1)
    places = OwnPlaces(3)

    add_tags_to_tickets(
        client, [sandbox.add_ticket(), sandbox.add_ticket()], ["vip"], places=places, **QUICK
    )

    assert places.taken == set()


def test_a_batch_whose_answer_is_lost_keeps_its_place_for_zendesk_may_be_at_it(
    sandbox, client, transport
):
    places = OwnPlaces(3)
    transport.faults.append(Fault(requests.ReadTimeout(), after=True))

    with pytest.raises(AnswerLost):
        add_tags_to_tickets(client, [sandbox.add_ticket()], ["vip"], places=places, **QUICK)

    assert len(places.taken) == 1


@pytest.mark.parametrize(
    ("lasting", "age", "pause"),
    [
        (0.0, 5.0, 1.5),  # nothing is known yet
        (10.0, 0.0, 3.0),  # surely at work: but a person may want to stop
        (10.0, 8.0, 1.0),  # until nine tenths are over
        (10.0, 9.0, 0.75),  # it may be over at any moment
        (10.0, 10.0, 1.0),
        (10.0, 60.0, 1.5),  # it takes longer than the last one did
    ],
)
def test_looks_often_only_when_a_batch_may_be_over(client, lasting, age, pause):
    with time_machine.travel(0, tick=False):
        batch = Batch("a", (1,), sent_at=-age)
        flight = _Flight(client, None, OwnPlaces(), {"a job": batch}, 1.5, lasting)

        assert flight.pause() == pytest.approx(pause)
