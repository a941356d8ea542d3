"""Analysing the mirror's tickets: what is kept, what is tried again, and that nothing stops the others."""

import logging
from datetime import timedelta

import pytest
import time_machine

from app.database import now, writing
from app.extensions import db
from app.models import MirroredTicket, TicketAnalysis
from app.services.insights.analysers.analyser import PARTS
from app.services.insights.analysing import MOST_TRIES, analyse
from tests.fixtures.mirror import ARun, LeaseWasLost, soon

INVOICE = ("Invoice", "Please send me the invoice of May. My secret is 4711.")
CRASH = ("It crashes", "The app crashes as soon as I open it.")
# No ticket of Zendesk's has such a tag: what fails because of it is our own fault, and found with no help of ours.
IMPOSSIBLE = {"tags": [7]}


def kept():
    """All analyses by the ticket's id, as they are in the database."""
    db.session.rollback()
    return {row.ticket_id: row for row in db.session.scalars(db.select(TicketAnalysis))}


def waiting():
    db.session.rollback()
    unanalysed = MirroredTicket.analysed_at.is_(None)
    return set(db.session.scalars(db.select(MirroredTicket.id).where(unanalysed)))


def test_keeps_what_it_makes_of_each_ticket(put_tickets):
    put_tickets(INVOICE, CRASH)

    progress = analyse(ARun(), soon())

    found = kept()
    assert {number: row.kind for number, row in found.items()} == {1: "billing", 2: "bug"}
    assert found[1].summary == "Please send me the invoice of May."
    assert (found[1].analyser, found[1].language) == ("local", "en")
    assert found[1].confidences.keys() == set(PARTS)
    assert (found[1].tries, found[1].error_code) == (0, None)
    assert waiting() == set()
    assert (progress.done, progress.total, progress.is_over) == (2, 2, True)
    assert progress.result == {"analysed": 2, "failed": 0, "given_up": 0}


def test_begins_with_the_newest_and_goes_on_where_its_time_was_over(put_tickets):
    put_tickets(*[CRASH] * 5)

    first = analyse(ARun(batch_size=2), soon(-1))
    left = waiting()
    second = analyse(ARun(batch_size=2), soon())

    assert (first.done, first.total, first.is_over) == (2, 5, False)
    assert left == {1, 2, 3}
    assert (second.done, second.is_over) == (5, True)


def test_leaves_deleted_tickets_and_those_that_are_analysed_alone(put_tickets):
    put_tickets(CRASH, deleted=True)
    put_tickets(CRASH, first=2, analysed_at=now())

    run = ARun()
    progress = analyse(run, soon())

    assert kept() == {}
    assert (progress.done, progress.total, progress.is_over) == (1, 1, True)
    assert run.commits == 0


def test_analyses_anew_what_was_changed(put_tickets):
    put_tickets(CRASH)
    analyse(ARun(), soon())

    put_tickets(INVOICE, stamp=200)
    analyse(ARun(), soon())

    assert kept()[1].kind == "billing"
    assert kept()[1].ticket_stamp == 200


def test_a_worker_that_lost_the_run_keeps_what_was_committed_and_no_more(put_tickets):
    put_tickets(*[CRASH] * 6)
    answers = iter([True, True, False])

    with pytest.raises(LeaseWasLost):
        analyse(ARun(lambda: next(answers), batch_size=2), soon())

    assert set(kept()) == {3, 4, 5, 6}
    assert waiting() == {1, 2}


def test_a_ticket_that_fails_is_marked_and_stops_no_other(put_tickets):
    put_tickets(*[CRASH] * 3)
    put_tickets(CRASH, first=4, **IMPOSSIBLE)
    put_tickets(*[CRASH] * 4, first=5)

    progress = analyse(ARun(), soon())

    found = kept()
    assert [number for number, row in found.items() if row.error_code] == [4]
    assert (found[4].error_code, found[4].tries, found[4].kind) == ("unexpected", 1, None)
    assert waiting() == {4}
    assert progress.is_over
    assert progress.result == {"analysed": 7, "failed": 1, "given_up": 0}


def test_a_ticket_that_fails_is_tried_again_later_each_time_and_then_given_up(put_tickets):
    put_tickets(CRASH, **IMPOSSIBLE)
    moment, waits = now(), []

    for number in range(MOST_TRIES):
        with time_machine.travel(moment):
            analyse(ARun(), soon())
            analyse(ARun(), soon())  # there is nothing to do so soon
        row = kept()[1]
        assert row.tries == number + 1
        if row.next_try_at:
            waits.append((row.next_try_at - row.failed_at) / timedelta(minutes=10))
            moment = row.next_try_at
    with time_machine.travel(moment + timedelta(days=30)):
        progress = analyse(ARun(), soon())

    assert waits == [1, 4, 16, 64]
    assert kept()[1].next_try_at is None
    assert progress.result == {"analysed": 0, "failed": 1, "given_up": 1}


def test_what_was_given_up_is_tried_again_once_it_is_changed(put_tickets):
    put_tickets(CRASH, **IMPOSSIBLE)
    analyse(ARun(), soon())
    with writing():
        db.session.execute(db.update(TicketAnalysis).values(tries=MOST_TRIES, next_try_at=None))
        db.session.commit()

    put_tickets(CRASH, stamp=200, **IMPOSSIBLE)
    analyse(ARun(), soon())
    tries = kept()[1].tries
    put_tickets(INVOICE, stamp=300)
    analyse(ARun(), soon())

    assert tries == 1
    assert (kept()[1].kind, kept()[1].tries, kept()[1].error_code) == ("billing", 0, None)


def test_what_was_known_stays_when_a_changed_ticket_fails(put_tickets):
    put_tickets(INVOICE)
    analyse(ARun(), soon())

    put_tickets(CRASH, stamp=200, **IMPOSSIBLE)
    analyse(ARun(), soon())

    row = kept()[1]
    assert (row.kind, row.error_code, row.tries) == ("billing", "unexpected", 1)


def test_no_text_of_a_ticket_is_logged(put_tickets, caplog):
    put_tickets(INVOICE)
    put_tickets(INVOICE, first=2, **IMPOSSIBLE)

    with caplog.at_level(logging.DEBUG):
        analyse(ARun(), soon())

    assert "unexpected" in caplog.text
    assert "4711" not in caplog.text
    assert "invoice" not in caplog.text.lower()
