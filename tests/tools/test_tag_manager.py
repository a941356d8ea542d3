"""The operations of the tag manager."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extensions import db
from app.models import JobStatus, JobTicket, Role
from app.services import accounts, jobs, lineage
from app.services.lineage import Relation
from app.services.operations import Change, Reason, Skip, Snapshot
from app.services.permissions import NotPermitted
from app.tools.tag_manager import add_tags, remove_tags, rename_tag, set_tags
from tests.fixtures.running_jobs import BY_ADMIN, finish

tag_sets = st.frozensets(st.sampled_from("abcdef"))


def snapshot(tags):
    return Snapshot(id=1, status="open", tags=frozenset(tags), updated_at="")


@given(has=tag_sets, asked=tag_sets)
def test_adding_adds_only_what_is_missing(has, asked):
    decision = add_tags(snapshot(has), tags=asked)

    wanted = Change(add_tags=asked - has) if asked - has else Skip(Reason.ALREADY_SO)
    assert decision == wanted


@given(has=tag_sets, asked=tag_sets)
def test_removing_removes_only_what_is_there(has, asked):
    decision = remove_tags(snapshot(has), tags=asked)

    wanted = Change(remove_tags=asked & has) if asked & has else Skip(Reason.ALREADY_SO)
    assert decision == wanted


@given(has=tag_sets, asked=tag_sets)
def test_setting_leaves_exactly_those_that_were_asked_for(has, asked):
    decision = set_tags(snapshot(has), tags=asked)

    wanted = Change(add_tags=asked - has, remove_tags=has - asked)
    assert decision == (Skip(Reason.ALREADY_SO) if asked == has else wanted)


@pytest.mark.parametrize(
    ("has", "wanted"),
    [
        ("old other", Change(add_tags=frozenset({"new"}), remove_tags=frozenset({"old"}))),
        ("old new", Change(remove_tags=frozenset({"old"}))),
        ("new", Skip(Reason.ALREADY_SO)),
        ("", Skip(Reason.ALREADY_SO)),
    ],
)
def test_renaming_touches_only_tickets_with_the_old_tag(has, wanted):
    assert rename_tag(snapshot(has.split()), old="old", new="new") == wanted


def test_tags_are_set_ticket_by_ticket(sandbox, run_job):
    tickets = [sandbox.add_ticket(tags=tags) for tags in (["a", "x"], ["b"], ["a", "b"])]

    job = run_job("set_tags", tickets=tickets, tags=["a", "b"], **BY_ADMIN)

    assert [sandbox.tags_of(ticket) for ticket in tickets] == [{"a", "b"}] * 3
    assert (job.changed_count, job.unchanged_count) == (2, 1)


def test_a_ticket_that_moved_since_the_plan_keeps_its_tags(sandbox, make_job):
    ticket = sandbox.add_ticket(tags=["a"])
    job = make_job([ticket], operation="set_tags", tags=["b"], **BY_ADMIN)
    finish(job, until=JobStatus.PLANNED)
    sandbox.set_ticket(ticket, additional_tags=["urgent"])

    apply(job)

    assert sandbox.tags_of(ticket) == {"a", "urgent"}
    assert (job.skipped_count, row_of(job).reason) == (1, "changed_since_plan")


def test_the_tags_of_a_closed_ticket_cannot_be_set(sandbox, run_job):
    other, same = (sandbox.add_ticket(status="closed", tags=[tag]) for tag in "ab")

    job = run_job("set_tags", tickets=[other, same], tags=["b"], **BY_ADMIN)

    assert (job.skipped_count, job.unchanged_count) == (1, 1)
    assert sandbox.tags_of(other) == {"a"}


@pytest.fixture
def rename(make_job):
    """A job that renames old to new, with its plan made."""

    def rename(*tickets):
        task = {"old": "old", "new": "new"}
        job = make_job(tickets, operation="rename_tag", arguments=task)
        finish(job, until=JobStatus.PLANNED)
        return job

    return rename


def test_a_tag_is_renamed_in_one_change_on_closed_tickets_too(sandbox, rename):
    open_one, both, closed, without = (
        sandbox.add_ticket(tags=tags, status=status)
        for tags, status in [
            (["old", "a"], "open"), (["old", "new"], "open"), (["old"], "closed"), (["a"], "open"),
        ]
    )  # fmt: skip

    job = rename(open_one, both, closed, without)
    apply(job)

    tags = [sandbox.tags_of(one) for one in (open_one, both, closed, without)]
    assert tags == [{"new", "a"}, {"new"}, {"new"}, {"a"}]
    assert (job.changed_count, job.unchanged_count) == (3, 1)


def test_a_ticket_that_lost_the_tag_since_the_plan_does_not_get_its_new_name(sandbox, rename):
    lost, moved = (sandbox.add_ticket(tags=["old"]) for _ in range(2))
    job = rename(lost, moved)
    sandbox.set_ticket(lost, remove_tags=["old"])
    sandbox.set_ticket(moved, additional_tags=["urgent"])

    apply(job)

    assert (sandbox.tags_of(lost), sandbox.tags_of(moved)) == (set(), {"new", "urgent"})
    assert (job.changed_count, job.unchanged_count) == (1, 1)


def test_a_renaming_is_undone_as_the_difference_that_it_made(sandbox, rename):
    one, both = sandbox.add_ticket(tags=["old"]), sandbox.add_ticket(tags=["old", "new"])
    job = rename(one, both)
    apply(job)

    back = lineage.follow(job, Relation.UNDO, job.user)
    finish(back, until=JobStatus.PLANNED)
    apply(back)

    assert (sandbox.tags_of(one), sandbox.tags_of(both)) == ({"old"}, {"old", "new"})


def test_who_is_no_admin_orders_starts_and_follows_no_setting_of_tags(
    sandbox, make_job, agent, in_app
):
    ticket = sandbox.add_ticket(tags=["a"])
    with pytest.raises(NotPermitted):
        make_job([ticket], operation="set_tags", tags=["b"])
    job = make_job([ticket], operation="set_tags", tags=["b"], **BY_ADMIN)
    finish(job, until=JobStatus.PLANNED)
    somebody = accounts.by_email("agent@giga.test")

    with pytest.raises(NotPermitted):
        jobs.apply(job, job.plan_digest, somebody, agreed_to_part=False, typed_count="1")
    with pytest.raises(NotPermitted):
        lineage.follow(job, Relation.RERUN, somebody)


def test_who_is_no_longer_an_admin_cannot_start_the_job_and_can_discard_it(
    sandbox, plan_job, admin
):
    job = plan_job([sandbox.add_ticket(tags=["a"])], operation="set_tags", tags=["b"], **BY_ADMIN)
    job.user.role = Role.USER
    db.session.commit()
    page = f"/jobs/{job.job_id}"

    refused = [
        admin.submit(page, f"{page}/{what}").status_code for what in ("apply", "rerun", "undo")
    ]
    admin.submit(page, f"{page}/cancel")

    assert refused == [403, 403, 403]
    assert admin.get(f"{page}/status").json["status"] == "cancelled"


def apply(job):
    number = str(job.planned_count)
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=True, typed_count=number)
    db.session.commit()
    finish(job)


def row_of(job):
    return db.session.query(JobTicket).filter_by(job_id=job.id).one()


def test_who_is_no_longer_an_admin_does_not_set_tags_again_by_undoing_the_undo(
    sandbox, run_job, admin
):
    ticket = sandbox.add_ticket(tags=["a"])
    job = run_job("set_tags", tickets=[ticket], tags=["b"], **BY_ADMIN)
    undone = lineage.follow(job, Relation.UNDO, job.user)
    finish(undone, until=JobStatus.PLANNED)
    jobs.apply(undone, undone.plan_digest, job.user, agreed_to_part=False)
    db.session.commit()
    finish(undone)
    job.user.role = Role.USER
    db.session.commit()

    refused = admin.submit("/tools/tag-manager", f"/jobs/{undone.job_id}/undo")

    assert refused.status_code == 403
    assert sandbox.tags_of(ticket) == {"a"}
