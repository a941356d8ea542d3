"""What went wrong with a job's tickets, by kind."""

import pytest
from sqlalchemy import insert

from app.extensions import db
from app.models import JobTicket, Stage
from app.services import failures
from app.services.failures import MOST_KINDS
from app.services.reasons import Reason

COMMENT = {"comment": {"public": True, "text": "Sorry."}}


@pytest.fixture
def job_with(make_job):
    """A job whose tickets have these (reason, detail, number of them), with ids from 1."""

    def make(*results, **values):
        job = make_job([1])
        said = [(reason, detail) for reason, detail, number in results for _ in range(number)]
        rows = [_row(job, place, *one) | values for place, one in enumerate(said)]
        db.session.execute(insert(JobTicket), rows)
        for one in rows:
            job.count(one["outcome"], 1)
        db.session.commit()
        return job

    return make


def _row(job, position, reason, detail):
    return {
        "job_id": job.id,
        "position": position,
        "ticket_id": position + 1,
        "stage": Stage.SETTLED,
        "outcome": reason.outcome,
        "reason": reason,
        "detail": detail,
        "attempts": 1,
    }


def told(job):
    return [(kind.reason, kind.words, kind.number, kind.like) for kind in failures.of(job).kinds]


def test_failures_are_told_by_reason_and_words_most_frequent_first(job_with):
    job = job_with(
        (Reason.CLOSED, "left alone", 9),
        (Reason.NO_PERMISSION, None, 1),
        (Reason.REFUSED, "Status: is required", 3),
        (Reason.REFUSED, "Not on a Tuesday", 2),
        (Reason.RESULT_UNKNOWN, None, 4),
    )

    assert told(job) == [
        (Reason.RESULT_UNKNOWN, [], 4, 16),
        (Reason.REFUSED, ["Status: is required"], 3, 11),
        (Reason.REFUSED, ["Not on a Tuesday"], 2, 14),
        (Reason.NO_PERMISSION, [], 1, 10),
    ]
    assert failures.of(job).more == 0


def test_where_each_ticket_has_words_of_its_own_they_are_one_kind_with_examples(job_with):
    single = [(Reason.REFUSED, f"Ticket {number} is odd", 1) for number in range(30)]
    job = job_with(*single, (Reason.NO_PERMISSION, "No", 2))

    assert told(job) == [
        (Reason.REFUSED, [f"Ticket {number} is odd" for number in range(3)], 30, None),
        (Reason.NO_PERMISSION, ["No"], 2, 31),
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_the_first_differ_already_not_all_are_counted_by_their_words(job_with, statements):
    job = job_with(*((Reason.REFUSED, f"Ticket {number} is odd", 1) for number in range(30)))

    asked = statements(lambda: failures.of(job))

    by_words = [one for one in asked if "job_tickets.detail ORDER BY count" in one]
    assert len(by_words) == 1
    assert "0 = 1" in by_words[0]  # of none, since all of them are one kind


def test_words_of_their_own_are_noticed_behind_many_that_are_alike(job_with):
    single = [(Reason.REFUSED, f"Ticket {number} is odd", 1) for number in range(80)]
    job = job_with((Reason.REFUSED, "No", failures.FIRST + 10), *single)

    assert told(job) == [(Reason.REFUSED, ["No", "No", "No"], failures.FIRST + 90, None)]


def test_a_few_words_are_told_apart_though_each_is_of_one_ticket(job_with):
    job = job_with((Reason.REFUSED, "One", 1), (Reason.REFUSED, "Two", 1))

    assert [words for _, words, _, _ in told(job)] == [["One"], ["Two"]]


def test_no_more_kinds_are_listed_than_one_can_read_and_the_others_counted(job_with):
    kinds = [(Reason.REFUSED, f"Kind {number}", 3) for number in range(MOST_KINDS + 7)]

    found = failures.of(job_with(*kinds))

    assert (len(found.kinds), found.more) == (MOST_KINDS, 7)


def test_a_comment_that_may_have_been_sent_is_not_offered_again(job_with):
    job = job_with((Reason.RESULT_UNKNOWN, None, 2), (Reason.REFUSED, "No", 3), after=COMMENT)

    assert [(kind.number, kind.again) for kind in failures.of(job).kinds] == [(3, 3), (2, 0)]


def test_only_what_was_sent_is_put_down_to_zendesk(job_with):
    sent, unsent = job_with((Reason.REFUSED, "No", 1)), job_with((Reason.REFUSED, "No", 1))
    db.session.query(JobTicket).filter_by(job_id=unsent.id).update({"attempts": 0})

    assert [failures.of(job).kinds[0].quotes_zendesk for job in (sent, unsent)] == [True, False]


def test_a_job_without_failures_has_no_kinds(job_with):
    assert failures.of(job_with((Reason.CLOSED, None, 2))).kinds == []
