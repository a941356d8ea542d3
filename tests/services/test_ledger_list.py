"""Pages of a job's tickets: what filters find, in which order, and by which index."""

import pytest
from sqlalchemy import event, insert

from app.extensions import db
from app.models import JobTicket, Outcome, Stage
from app.services import ledger_list
from app.services.ledger_filter import Filter
from app.services.reasons import Reason

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATTERN = ["changed", "already_so", "changed", "closed", "refused", "changed", "not_found"]


@pytest.fixture
def job(make_job):
    """A job of 210 tickets with results in turn; ticket ids run against the ledger's order."""
    job = make_job([1])
    rows = [row(job, position) for position in range(210)]
    db.session.execute(insert(JobTicket), rows)
    for one in rows:
        job.count(one["outcome"], 1)
    job.tally()
    db.session.commit()
    return job


def row(job, position):
    result = PATTERN[position % len(PATTERN)]
    reason = None if result == "changed" else Reason(result)
    return {
        "job_id": job.id,
        "position": position,
        "ticket_id": 1000 - position,
        "stage": Stage.SETTLED,
        "outcome": reason.outcome if reason else Outcome.CHANGED,
        "reason": reason,
        "detail": f"Not on day {position % 2}" if reason is Reason.REFUSED else None,
    }


FILTERS = {
    "all": Filter(),
    "an outcome": Filter((Outcome.CHANGED,)),
    "outcomes": Filter((Outcome.CHANGED, Outcome.FAILED)),
    "a reason": Filter(reasons=(Reason.CLOSED,)),
    "reasons": Filter(reasons=(Reason.CLOSED, Reason.NOT_FOUND, Reason.ALREADY_SO)),
    "an outcome and reasons": Filter((Outcome.SKIPPED,), (Reason.NOT_FOUND, Reason.ALREADY_SO)),
    "ids": Filter(ticket_ids=(999, 900, 996, 5)),
    "outcomes and ids": Filter((Outcome.CHANGED, Outcome.SKIPPED), ticket_ids=(1000, 999, 997)),
    "the same words": Filter((Outcome.FAILED,), (Reason.REFUSED,), like=1000 - 4),
}


def meets(row, wanted, rows):
    """The same, as slowly and plainly as can be said."""
    same = [one.detail for one in rows if one.ticket_id == wanted.like]
    return (
        (not wanted.outcomes or row.outcome in wanted.outcomes)
        and (not wanted.reasons or row.reason in wanted.reasons)
        and (wanted.ticket_ids is None or row.ticket_id in wanted.ticket_ids)
        and (wanted.like is None or [row.detail] == same)
    )


def expected(job, wanted):
    rows = db.session.query(JobTicket).filter_by(job_id=job.id).order_by(JobTicket.position).all()
    return [one.ticket_id for one in rows if meets(one, wanted, rows)]


def ids(page):
    return [one.ticket_id for one in page.listed.items]


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_a_filter_is_paged_forwards_and_backwards_without_gap_or_repetition(job, wanted):
    page = ledger_list.page(job, wanted)
    pages = [page]
    while page.listed.next is not None:
        page = ledger_list.page(job, wanted, after=page.listed.next)
        pages.append(page)
    back = [page]
    while page.listed.previous is not None:
        page = ledger_list.page(job, wanted, before=page.listed.previous)
        back.append(page)

    should = expected(job, wanted)
    assert [one for page in pages for one in ids(page)] == should
    assert [ids(page) for page in reversed(back)] == [ids(page) for page in pages]
    for page in [*pages, *back]:
        assert page.total == len(should)
        assert should[page.first - 1 : page.last] == ids(page)


def test_what_never_comes_together_finds_nothing(job):
    page = ledger_list.page(job, Filter((Outcome.CHANGED,), (Reason.REFUSED,)))

    assert (ids(page), page.total) == ([], 0)


def test_the_reasons_are_counted(job):
    assert ledger_list.reasons_of(job) == {
        Reason.ALREADY_SO: 30,
        Reason.CLOSED: 30,
        Reason.NOT_FOUND: 30,
        Reason.REFUSED: 30,
    }


def test_tickets_of_other_jobs_are_named_as_such(job, make_job):
    other = make_job([1])
    db.session.execute(insert(JobTicket), [row(other, 0) | {"ticket_id": 77}])

    page = ledger_list.page(job, Filter(ticket_ids=(1000, 77)))

    assert (ids(page), page.strangers) == ([1000], [77])


@pytest.fixture
def planned():
    """How SQLite goes about what is asked of it, statement by statement."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "job_tickets" in statement:
            asked.append((statement, parameters))

    def planned(ask):
        event.listen(db.engine, "before_cursor_execute", note)
        ask()
        event.remove(db.engine, "before_cursor_execute", note)
        connection = db.session.connection()
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given) for one, given in asked
        ]
        return [step.detail for plan in plans for step in plan]

    return planned


@ON_SQLITE
@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("bound", [{}, {"after": 100}, {"before": 100}], ids=str)
def test_no_filter_goes_through_all_tickets_or_sorts_more_than_a_few(job, planned, wanted, bound):
    plan = planned(lambda: ledger_list.page(job, wanted, **bound))

    assert plan
    assert not [step for step in plan if step.startswith("SCAN job_tickets")]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
    if (wanted.reasons or wanted.outcomes) and wanted.ticket_ids is None:
        column = "reason" if wanted.reasons else "outcome"
        assert any(f"job_id_{column}_position (job_id=? AND {column}=?" in step for step in plan)


@ON_SQLITE
def test_reasons_are_counted_from_their_index_alone(job, planned):
    plan = planned(lambda: ledger_list.reasons_of(job))

    assert "COVERING INDEX ix_job_tickets_job_id_reason_position" in plan[0]
