"""Plans that were to run at once, and are held back until somebody has said what they need."""

import pytest

from app.models import JobStatus, Role
from app.services import accounts, approving, holding, jobs, lineage
from app.services.job_report import report
from app.services.lineage import Relation
from tests.fixtures.running_jobs import BY_ADMIN, agree, finish, permit


def fields(job):
    return [one.field for one in holding.needs(job)]


def test_a_plan_that_needs_nothing_runs_at_once(sandbox, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    permit("user", "tag-manager", approval_above=1)

    finish(job)

    assert job.changed_count == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"limit": 1}, "agreed_to_part"),
        ({"operation": "set_tags"} | BY_ADMIN, "typed_count"),
    ],
)
def test_what_nobody_agreed_to_is_not_run(sandbox, make_job, changes, field):
    job = make_job([sandbox.add_ticket(tags=["a"]) for _ in range(2)], dry_run=False, **changes)

    finish(job, until=JobStatus.PLANNED)

    assert (job.status, job.started_at) == (JobStatus.PLANNED, None)
    assert [one["field"] for one in report(job)["needs"]] == [field]
    agree(job)
    finish(job)
    assert job.changed_count == job.to_do


def test_public_replies_are_not_run_by_themselves(sandbox, make_job):
    actions = (("comment_value", "Hello."), ("comment_mode_is_public", "true"))
    job = make_job(
        [sandbox.add_ticket(status="open")],
        tool_slug="apply-macro-to-view",
        operation="apply_macro",
        arguments={"macro_id": sandbox.add_macro("Made by a test", actions)},
        dry_run=False,
    )
    permit("user", "apply-macro-to-view", public_replies=False)

    finish(job, until=JobStatus.PLANNED)

    assert fields(job) == ["typed_count", "public_replies"]


def test_where_only_an_approval_is_needed_it_is_asked_for(sandbox, make_job, make_user):
    permit("user", "tag-manager", approval_above=0)
    job = make_job([sandbox.add_ticket()], dry_run=False)
    ada = accounts.by_email(make_user("ada@giga.test", Role.ADMIN))

    finish(job, until=JobStatus.PLANNED)

    (need,) = report(job)["needs"]
    assert need["field"] == "approval"
    assert need["words"].endswith("It was asked for.")
    assert approving.waiting_for(ada, 5) == [job]
    assert jobs.approve(job, job.plan_digest, ada)


def test_only_a_plan_has_needs(sandbox, run_job):
    assert report(run_job(tickets=[sandbox.add_ticket()]))["needs"] == []


def test_undoing_the_undo_of_what_replaced_all_tags_wants_the_number(sandbox, run_job):
    ticket = sandbox.add_ticket(tags=["a"])
    job = run_job("set_tags", tickets=[ticket], tags=["b"], **BY_ADMIN)

    wanted = []
    for _ in range(4):
        job = lineage.follow(job, Relation.UNDO, job.user)
        finish(job, until=JobStatus.PLANNED)
        wanted.append(fields(job))
        agree(job)
        finish(job)

    assert wanted == [[], ["typed_count"], [], ["typed_count"]]
    assert sandbox.tags_of(ticket) == {"b"}
