"""What happened to a job and how fast it went, as its page tells it."""

import re
from datetime import timedelta

import pytest

from app.database import now
from app.extensions import db
from app.models import JobPace, JobWait, Role
from app.services import accounts, jobs, lineage, throughput, unticking
from app.services.lineage import Relation
from tests.fixtures.running_jobs import finish
from tests.fixtures.visitor import Page
from tests.jobs.shape import put

MINUTE = timedelta(minutes=1)


def steps(visitor, job):
    """The timeline's lines, without their times."""
    page = visitor.get(f"/jobs/{job.job_id}/history").text
    lines = re.findall(r"</time></span>(.*?)</li>", page, re.DOTALL)
    return [Page(line).text.replace(" .", ".") for line in lines]


def apply(job, **more):
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False, **more)


def test_tells_what_people_did_and_what_the_job_did_by_itself(owner, sandbox, make_user, plan_job):
    anna = make_user("anna@giga.test")
    tickets = [sandbox.add_ticket() for _ in range(31)]
    job = plan_job(tickets)
    unticking.untick(job, job.plan_digest, job.user, out=tickets[:1])
    apply(job, canary=True)
    finish(job, until="paused")
    jobs.resume(job, accounts.by_email(anna))
    finish(job)

    assert steps(owner, job) == [
        "Asked for, by agent@giga.test.",
        "Plan made, of 31 tickets.",
        "1 ticket left out of the plan, by agent@giga.test.",
        "Plan agreed to, with 30 tickets to change, by agent@giga.test.",
        "Started to write.",
        "Paused by itself after its first tickets, so that somebody looks at them.",
        "Let go on, by anna@giga.test.",
        "Completed.",
    ]


def test_a_plan_that_was_given_up_is_asked_for_before_it_ends(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])

    jobs.cancel(job, job.user)
    db.session.commit()

    assert steps(owner, job)[-2:] == ["Asked to cancel, by agent@giga.test.", "Cancelled."]


def test_a_plan_that_nobody_started_says_so(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    put(job, planned_at=now() - timedelta(days=8))

    jobs.expire_plans()
    db.session.commit()

    assert "Given up by itself, since nobody started the plan." in steps(owner, job)


def test_a_failure_is_told_also_after_the_job_went_on(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    apply(job)
    put(job, operation="gone")
    finish(job)
    failed = steps(owner, job)
    put(job, operation="add_tags")
    jobs.resume(job, job.user)
    finish(job)

    assert [line.startswith("Failed.") for line in failed].count(True) == 1
    last = steps(owner, job)[-3:]
    assert last[0].startswith("Failed. ")
    assert last[1:] == ["Let go on, by agent@giga.test.", "Completed."]


def test_what_followed_is_part_of_it_and_linked_for_those_who_may_see_it(
    owner, sandbox, make_user, run_job
):
    anna = make_user("anna@giga.test", Role.ADMIN)
    job = run_job(tickets=[sandbox.add_ticket()])
    child = lineage.follow(job, Relation.UNDO, job.user)
    theirs = lineage.follow(job, Relation.VERIFY, accounts.by_email(anna))
    put(child, title="<b>x</b>")

    page = owner.get(f"/jobs/{job.job_id}/history").text

    assert "Followed by “Undo”" in page
    assert f'href="/jobs/{child.job_id}"' in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "Followed by “Verify”: a job of" in Page(page).text
    assert theirs.job_id not in page


def test_the_job_page_has_it_without_javascript(owner, sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket()])

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    assert "Started to write." in page
    assert "Wrote for" in page
    assert "At its fastest" not in page  # of a second


@pytest.fixture
def slow(make_job):
    """A job of ten minutes: it wrote for four, waited for two, was paused for three, and left alone for one."""
    start = now() - 10 * MINUTE
    job = make_job([1])
    put(
        job, status="completed", plan_digest="x", total_items=60, changed_count=60, to_do=60, started_at=start,
        completed_at=start + 10 * MINUTE, ran_seconds=240.0,
    )  # fmt: skip
    waits = [("budget", -1, 0), ("budget", 1, 2), ("zendesk", 3, 3.005), ("budget", 4, 5)]
    for number, (reason, began, ended) in enumerate(waits):
        times = {"began_at": start + began * MINUTE, "ended_at": start + ended * MINUTE}
        db.session.add(JobWait(job_id=job.id, number=number, reason=reason, **times))
    for since, settled in ((0, 20), (30, 40)):
        db.session.add(JobPace(job_id=job.id, since=since, settled=settled))
    log(job, "job.pause", start + 5.9 * MINUTE, "anna@giga.test")
    log(job, "job.paused", start + 6 * MINUTE, "system", reason=None, words=None)
    log(job, "job.resume", start + 9 * MINUTE, "agent@giga.test")
    db.session.commit()
    return job


def log(job, action, at, actor, **detail):
    from app.models import AuditEvent

    event = AuditEvent(at=at, actor=actor, action=action, target=job.job_id, detail=detail)
    db.session.add(event)


def test_says_in_words_where_the_time_went(owner, slow):
    page = Page(owner.get(f"/jobs/{slow.job_id}").text).text

    assert (
        "Wrote for 4 min, was paused by anna@giga.test for 3 min, waited 2 min for our part of Zendesk&#39;s minute "
        "limit, and for 1 min no worker was at it. At its fastest it did 240 tickets a minute."
    ) in page
    assert "Waited for our part of Zendesk&#39;s minute limit 2 2 min" in page
    assert "to answer again" not in page  # 0.3 s are not worth a word


def test_the_chart_has_a_rate_for_each_span_and_the_waits_of_the_writing(owner, slow):
    chart = owner.get(f"/jobs/{slow.job_id}/throughput").json

    assert len(chart["at"]) == len(chart["rate"]) == 61  # the last is the end
    assert chart["at"][-1] - chart["at"][0] == pytest.approx(600)
    assert chart["rate"][:5] == [120, 0, 0, 240, 0]
    assert sum(chart["rate"][:-1]) * 10 / 60 == slow.changed_count
    bands = [(band["kind"], round(band["to"] - band["from"])) for band in chart["bands"]]
    assert bands == [("waited", 60), ("waited", 0), ("waited", 60), ("paused", 180)]


def test_times_that_two_reasons_have_in_common_are_counted_once(slow):
    db.session.add(
        JobWait(job_id=slow.id, number=9, reason="zendesk",
                began_at=slow.started_at + 7 * MINUTE, ended_at=slow.started_at + 8 * MINUTE)
    )  # fmt: skip
    db.session.commit()

    told = throughput.of(slow)

    assert (round(told.writing_seconds), round(told.untold_seconds)) == (240, 60)


def test_before_the_writing_there_is_nothing_to_draw(owner, make_job):
    job = make_job([1])

    assert owner.get(f"/jobs/{job.job_id}/throughput").json == {"at": [], "rate": [], "bands": []}
    assert "It has not begun to write." in owner.get(f"/jobs/{job.job_id}").text


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"status": "running", "to_do": 100, "planned_count": 58}, "42 % – Add vip"),
        ({"status": "paused", "to_do": 100, "planned_count": 58}, "Paused at 42 % – Add vip"),
        ({"status": "completed"}, "Completed – Add vip"),
        ({"status": "completed", "failed_count": 3}, "Completed, 3 failed – Add vip"),
        ({"status": "planned"}, "Plan ready – Add vip"),
        ({"status": "cancelled"}, "Cancelled – Add vip"),
    ],
)
def test_the_title_tells_how_far_the_job_is_and_what_it_came_to(owner, make_job, values, title):
    job = make_job([1], title="Add vip")
    put(job, plan_digest="x", **values)

    whole = Page(owner.get(f"/jobs/{job.job_id}").text).title
    part = Page(owner.get(f"/jobs/{job.job_id}/progress").text).title

    assert whole.strip() == part.strip() == f"{title} – Giga Tools"
