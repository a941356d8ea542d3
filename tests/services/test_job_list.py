"""Lists of jobs stay fast however many there are: what they ask is answered along an index, and nothing is sorted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask_login import login_user
from sqlalchemy import event
from wtforms import Form

from app.extensions import db
from app.forms.earlier_job import EarlierJobField
from app.models import ACTIVE, OVER, Job, JobStatus, JobTicket, Role
from app.services import accounts, job_list, ticket_history
from app.services.job_order import Place, Sort
from app.services.job_search import Search

DAY = date(2026, 11, 1)
SEARCHES = [
    Search(),
    Search(status=JobStatus.COMPLETED),
    Search(tool="tag-manager"),
    Search(tool="tag-manager", status=JobStatus.FAILED),
    Search(since=DAY, until=DAY),
    Search(since=DAY, status=JobStatus.COMPLETED),
    Search(text="vip"),
    Search(text="vip unsolved", status=JobStatus.COMPLETED, tool="tag-manager"),
    Search(text="47110", since=DAY, owner=1),
    Search(owner=1),
    Search(owner=1, tool="tag-manager", status=JobStatus.PAUSED, since=DAY),
]


@pytest.fixture
def plans(in_app):
    """How the database answers what the test asks about jobs: a line for each query."""
    asked = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith("SELECT") and "jobs" in statement:
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)

    def plans():
        event.remove(db.engine, "before_cursor_execute", note)
        return [plan_of(*one) for one in asked]

    return plans


def plan_of(statement, parameters):
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return "; ".join(str(row[-1]) for row in rows if " users " not in f"{row[-1]} ")


@pytest.fixture(params=["user", "admin"])
def person(request, in_app, make_user):
    return accounts.by_email(make_user("person@giga.test", Role(request.param)))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("number", [n for n, one in enumerate(SEARCHES) if not one.text])
def test_a_page_walks_the_index_of_its_order(person, plans, number, sort):
    search = Search(**{**vars(SEARCHES[number]), "sort": sort})
    value = 5 if sort is Sort.TICKETS else datetime(2026, 11, 1, 12, tzinfo=UTC)

    for place in ({}, {"after": Place(value, 5)}, {"before": Place(value, 5)}):
        job_list.page(person, search, **place)

    found = plans()
    wanted = "_tickets" if sort is Sort.TICKETS else "_created"
    assert len(found) == 3
    assert [plan for plan in found if "B-TREE" in plan or wanted not in plan] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", [n for n, one in enumerate(SEARCHES) if not one.text])
def test_jobs_are_counted_in_an_index_without_reading_them(person, plans, number):
    job_list.counts(person, SEARCHES[number])

    assert ["COVERING INDEX" in plan for plan in plans()] == [True]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("number", [n for n, one in enumerate(SEARCHES) if one.text])
def test_words_are_looked_for_in_an_index_without_reading_jobs(person, plans, number, sort):
    search = Search(**{**vars(SEARCHES[number]), "sort": sort})
    value = 5 if sort is Sort.TICKETS else datetime(2026, 11, 1, 12, tzinfo=UTC)

    job_list.counts(person, search)
    for place in ({}, {"after": Place(value, 5)}, {"before": Place(value, 5)}):
        job_list.page(person, search, **place)

    found = plans()
    assert len(found) == 4
    assert [plan for plan in found if "COVERING INDEX ix_jobs_words" not in plan] == []
    assert [plan for plan in found if "SCAN jobs;" in plan] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_tickets_jobs_are_found_by_the_ticket(person, plans):
    ticket_history.page(person, 5)
    ticket_history.page(person, 5, before=7)

    rows = [plan for plan in plans() if "job_tickets" in plan]
    assert len(rows) == 2
    assert ["ticket_id_job_id (ticket_id=?" in plan and "B-TREE" not in plan for plan in rows] == [
        True,
        True,
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_first_page_asks_is_found_by_indexes(person, plans):
    job_list.newest_of_few(person, ACTIVE, 5)
    job_list.newest(person, OVER, 5)

    few, many = plans()
    assert "SCAN" not in few
    assert "_created" in many
    assert "B-TREE" not in many


class Choosing(Form):
    job = EarlierJobField("Job")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_jobs_that_a_form_offers_are_the_first_of_an_index(person, app, plans):
    with app.test_request_context():
        login_user(person)
        Choosing().job.offer()

    (plan,) = plans()
    assert "_created" in plan or "ix_jobs_words" in plan
    assert "B-TREE" not in plan


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_deleting_a_job_looks_through_no_other(in_app):
    for column in ("parent_id", "waits_for_id"):
        plan = plan_of(f"UPDATE jobs SET {column} = NULL WHERE {column} = ?", (1,))
        assert "SCAN" not in plan


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_have_each_job_once_on_both_databases(in_app, make_job, sort):
    owner = make_job([1]).user
    for number in range(12):
        job = make_job([1], title=f"Job {number}")
        job.total_items, job.created_at = number % 3, job.created_at - timedelta(hours=number % 4)
    db.session.commit()

    seen, place = [], None
    while True:
        page = job_list.page(owner, Search(sort=sort), after=place, size=4)
        seen += page.items
        if page.next is None:
            break
        place = Place.parse(page.next, sort)
    behind = job_list.page(owner, Search(sort=sort), before=Place.of(seen[8], sort), size=4)

    key = (lambda job: (job.total_items, job.id)) if sort is Sort.TICKETS else created
    assert seen == sorted(db.session.query(Job), key=key, reverse=sort is not Sort.OLDEST)
    assert behind.items == seen[4:8]


def created(job):
    return job.created_at, job.id


def test_counts_and_words_on_both_databases(in_app, make_job):
    owner = make_job([1], title="Give 100% to VIPs").user
    make_job([1], title="Give 100 to VIPs", reason="a_b")

    for search, number in (
        (Search(), 2),
        (Search(text="vip give"), 2),
        (Search(text="100%"), 1),
        (Search(text="A_B"), 1),
        (Search(text="a%b"), 0),
        (Search(text="vip", status=JobStatus.FAILED, tool="tag-manager"), 2),
        (Search(since=datetime.now(UTC).date(), until=datetime.now(UTC).date()), 2),
    ):
        assert sum(job_list.counts(owner, search).values()) == number, search


def test_a_place_is_told_and_understood_again(in_app, make_job):
    job = make_job([1])
    db.session.refresh(job)

    for sort in Sort:
        place = Place.of(job, sort)
        assert Place.parse(str(place), sort) == place


def test_a_tickets_history_on_both_databases(in_app, make_job):
    jobs = [make_job([1], title=f"Job {number}") for number in range(3)]
    for job in jobs:
        db.session.add(JobTicket(job_id=job.id, position=0, ticket_id=2**40))
    db.session.commit()

    touches = ticket_history.page(jobs[0].user, 2**40).items

    assert [touch.job for touch in touches] == jobs[::-1]
