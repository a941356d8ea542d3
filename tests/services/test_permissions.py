"""Who may have what done to which tickets, asked where the work is done."""

import pytest

from app.extensions import db
from app.models import Job, JobStatus, JobTicket, Role, ToolLimit
from app.services import accounts, holding, jobs, lineage, permissions
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.services.lineage import Relation
from app.services.permissions import NotPermitted
from app.zendesk.sandbox.words import GROUPS
from tests.fixtures.running_jobs import BY_ADMIN, agree, finish, permit

HERE, THERE, *_ = GROUPS.values()
TAGS, MACROS = "tag-manager", "apply-macro-to-view"


@pytest.fixture
def agent_here(in_app, make_user):
    return accounts.by_email(make_user())


@pytest.fixture
def refused(order):
    """What the person is told who orders this; None if it is made."""

    def refused(user, **changes):
        try:
            jobs.create(user, order(**changes))
        except NotPermitted as error:
            return error.field, str(error)
        return None

    return refused


def test_where_nothing_was_chosen_the_tool_says_it(in_app):
    tags, macros = (permissions.of_role(Role.USER, slug) for slug in (TAGS, MACROS))

    assert (tags.may_use, tags.largest_job, tags.view_ids, tags.approval_above) == (
        True,
        50_000,
        None,
        None,
    )
    assert not macros.may_use
    assert permissions.of_role(Role.ADMIN, MACROS).may_use


def test_what_was_chosen_is_of_one_role_and_one_tool(in_app):
    permit("user", TAGS, largest_job=10)

    found = [permissions.of_role(role, TAGS).largest_job for role in ("user", "admin")]
    assert found == [10, 50_000]
    assert permissions.of_role("user", MACROS).largest_job == 50_000


def test_a_limit_never_exceeds_what_the_tool_permits(in_app):
    permit("user", TAGS, largest_job=49_999)
    db.session.query(ToolLimit).update({"largest_job": 70_000})  # when the tool permitted more

    assert permissions.of_role("user", TAGS).largest_job == 50_000


def test_no_job_is_made_with_a_tool_that_is_not_open(agent_here, refused):
    assert refused(agent_here, tool_slug=MACROS) == (
        "tool",
        "You may not use “Apply macro to view”.",
    )
    permit("admin", TAGS, may_use=False)
    agent_here.role = Role.ADMIN
    assert refused(agent_here)[0] == "tool", "admins are held to what they chose for themselves"


def test_somebody_deactivated_has_nothing_made(agent_here, refused):
    agent_here.enabled = False

    assert refused(agent_here) == (None, "This account has been deactivated.")


@pytest.mark.parametrize(("limit", "field"), [(11, "limit"), (10, None)])
def test_no_job_is_larger_than_permitted(agent_here, refused, limit, field):
    permit("user", TAGS, largest_job=10)

    answer = refused(agent_here, limit=limit)

    assert answer == (field and (field, "You may have at most 10 tickets in one job."))


def test_nobody_exceeds_the_tools_own_number(agent_here, refused):
    assert refused(agent_here, limit=50_001)[0] == "limit"


@pytest.mark.parametrize(
    ("selection", "field"),
    [
        ({"view_id": 7}, None),
        ({"view_ids": [7, 8]}, None),
        ({"view_id": 9}, "view"),
        ({"view_ids": [7, 9]}, "view"),
        ({"search": "status<solved"}, "source"),
        ({"ticket_ids": [1]}, "source"),
        ({"view_ids": []}, "source"),
    ],
)
def test_tickets_are_chosen_only_by_the_views_that_are_open(agent_here, refused, selection, field):
    permit("user", TAGS, view_ids=frozenset({7, 8}))

    assert (refused(agent_here, selection=selection) or (None,))[0] == field


def test_where_the_group_decides_a_search_goes_around_nothing(agent_here, refused):
    permit("user", TAGS, view_ids=frozenset({7}), group_ids=frozenset({HERE}))

    assert refused(agent_here, selection={"search": "status<solved"}) is None
    assert refused(agent_here, selection={"view_id": 9})[0] == "view"


def test_the_tickets_of_another_persons_job_are_not_chosen(agent_here, make_job, refused):
    theirs = make_job([1], email="other@giga.test")

    answer = refused(agent_here, selection={"job_id": theirs.job_id, "outcomes": ["changed"]})

    assert answer == ("job", "The job whose tickets you chose is not yours.")


def test_an_earlier_job_is_no_way_around_the_views(agent_here, make_job, refused):
    found = make_job(selection={"search": "status<solved"}), make_job(selection={"view_id": 7})
    permit("user", TAGS, view_ids=frozenset({7}))

    answers = [
        refused(agent_here, selection={"job_id": one.job_id, "outcomes": ["failed"]})
        for one in found
    ]

    assert [answer and answer[0] for answer in answers] == ["source", None]


def test_tickets_of_other_groups_and_of_none_are_left_alone(sandbox, make_job):
    groups = [HERE, THERE, None]
    tickets = [sandbox.add_ticket(group_id=group, assignee_id=None) for group in groups]
    permit("user", TAGS, group_ids=frozenset({HERE}))

    job = make_job(tickets, dry_run=False)
    finish(job)

    reasons = {
        row.ticket_id: row.reason for row in db.session.query(JobTicket).filter_by(job_id=job.id)
    }
    assert reasons == dict(zip(tickets, [None, "other_group", "other_group"], strict=True))
    assert sandbox.summary(tag="refund")["with_tag"] == 1


def test_the_groups_are_those_of_the_owner(sandbox, make_job):
    ticket = sandbox.add_ticket(group_id=THERE, assignee_id=None)
    permit("user", TAGS, group_ids=frozenset({HERE}))

    job = make_job([ticket], dry_run=False, **BY_ADMIN)
    finish(job)

    assert job.changed_count == 1


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"may_use": False}, "tool"),
        ({"largest_job": 1}, "limit"),
        ({"view_ids": frozenset({7})}, "source"),
        ({"group_ids": frozenset({HERE})}, "groups"),
        ({"approval_above": 2}, None),
    ],
)
def test_the_start_asks_again(sandbox, plan_job, limits, field):
    job = plan_job([sandbox.add_ticket() for _ in range(2)])
    permit("user", TAGS, **limits)

    found = None
    try:
        jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    except NotPermitted as error:
        found = error.field

    assert found == field
    assert job.status == (JobStatus.PLANNED if field else JobStatus.PENDING)


@pytest.mark.parametrize(
    ("now", "may_start"),
    [
        ({HERE}, False),
        ({HERE, THERE}, True),
        ({HERE, THERE, 1}, True),
        (None, True),
        (set(), False),
    ],
)
def test_a_plan_is_started_while_its_groups_may_be_chosen(sandbox, plan_job, now, may_start):
    permit("user", TAGS, group_ids=frozenset({HERE, THERE}))
    job = plan_job([sandbox.add_ticket(group_id=HERE, assignee_id=None)])

    permit("user", TAGS, group_ids=None if now is None else frozenset(now))

    assert (permissions.refusal(job.user, job) == "") is may_start


def test_a_plan_of_more_groups_is_not_approved_and_does_not_go_on(sandbox, plan_job, make_user):
    permit("user", TAGS, approval_above=0)
    waiting, paused = (plan_job([sandbox.add_ticket()]) for _ in range(2))
    assert not jobs.apply(waiting, waiting.plan_digest, waiting.user, agreed_to_part=False)
    paused.status = JobStatus.PAUSED
    db.session.commit()
    ada = accounts.by_email(make_user("ada@giga.test", Role.ADMIN))
    permit("user", TAGS, group_ids=frozenset({HERE}))

    with pytest.raises(NotPermitted, match="groups that you may not choose any more"):
        jobs.approve(waiting, waiting.plan_digest, ada)
    with pytest.raises(NotPermitted, match="groups that you may not choose any more"):
        jobs.resume(paused, paused.user)


def test_a_program_that_orders_a_run_is_held_where_groups_were_taken_meanwhile(sandbox, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    steps = iter([False, False])  # the plan is begun, and has no ticket yet
    advance(job.job_id, Pace(is_stopping=lambda: next(steps, True)))
    permit("user", TAGS, group_ids=frozenset({HERE}))

    finish(job, until=JobStatus.PLANNED)

    assert [one.field for one in holding.needs(job)] == ["groups"]


@pytest.mark.parametrize("status", ["open", "closed"])
def test_a_ticket_that_moved_to_another_group_since_the_plan_is_left_alone(
    sandbox, plan_job, status
):
    permit("user", TAGS, group_ids=frozenset({HERE}))
    stays, moves = (
        sandbox.add_ticket(group_id=HERE, assignee_id=None, status=status) for _ in range(2)
    )
    job = plan_job([stays, moves])
    sandbox.set_ticket(moves, group_id=THERE)

    agree(job)
    finish(job)

    reasons = {
        row.ticket_id: row.reason for row in db.session.query(JobTicket).filter_by(job_id=job.id)
    }
    assert reasons == {stays: None, moves: "other_group"}
    assert sandbox.tags_of(moves) == set()


def test_whoever_is_no_admin_any_more_starts_nothing_that_is_for_admins(sandbox, plan_job):
    plan = plan_job([sandbox.add_ticket()], operation="set_tags", **BY_ADMIN)
    plan.user.role = Role.USER
    db.session.commit()

    with pytest.raises(NotPermitted, match="Only an admin"):
        agree(plan)


def test_whoever_is_no_admin_any_more_has_nothing_done_again_by_undoing_its_undo(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket()], **BY_ADMIN)
    undo = lineage.follow(job, Relation.UNDO, job.user)
    job.operation, undo.user.role = "set_tags", Role.USER
    db.session.commit()

    with pytest.raises(NotPermitted, match="Only an admin"):
        permissions.check_job(undo.user, undo)


def test_public_replies_are_started_only_by_those_who_may_send_them(macro_plan):
    reply, note = macro_plan("true"), macro_plan("false")
    permit("user", MACROS, public_replies=False)

    with pytest.raises(NotPermitted, match="you may not send any with this tool"):
        jobs.apply(reply, reply.plan_digest, reply.user, agreed_to_part=False, typed_count="1")
    assert jobs.apply(note, note.plan_digest, note.user, agreed_to_part=False)


@pytest.fixture
def macro_plan(sandbox, plan_job):
    """The plan of a macro whose comment is public, or not."""

    def plan(public, **changes):
        actions = (("comment_value", "Hello."), ("comment_mode_is_public", public))
        return plan_job(
            [sandbox.add_ticket(status="open")],
            tool_slug=MACROS,
            operation="apply_macro",
            arguments={"macro_id": sandbox.add_macro("Made by a test", actions)},
            **changes,
        )

    return plan


def test_a_paused_job_goes_on_only_while_its_tool_is_open(make_job):
    job = make_job([1])
    job.status = JobStatus.PAUSED
    db.session.commit()
    permit("user", TAGS, may_use=False)

    with pytest.raises(NotPermitted):
        jobs.resume(job, job.user)
    permit("user", TAGS)

    assert jobs.resume(job, job.user)


@pytest.mark.parametrize("relation", list(Relation))
def test_what_follows_is_asked_about_too_and_only_looking_is_open(sandbox, run_job, relation):
    job = run_job(tickets=[sandbox.add_ticket()])
    assert set(lineage.permitted(job, job.user)) == {Relation.RERUN, Relation.UNDO, Relation.VERIFY}
    permit("user", TAGS, may_use=False)

    found = None
    try:
        lineage.follow(job, relation, job.user)
    except NotPermitted as error:
        found = error.field

    assert found == (None if relation is Relation.VERIFY else "tool")
    assert set(lineage.permitted(job, job.user)) == {Relation.VERIFY}


def test_what_follows_a_job_that_was_larger_is_as_large_as_may_be(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket() for _ in range(3)])
    permit("user", TAGS, largest_job=2)

    again = lineage.follow(job, Relation.RERUN, job.user)
    finish(again, until=JobStatus.PLANNED)

    assert (again.limit, again.total_items, again.truncated) == (2, 2, True)


def test_a_program_that_orders_a_run_is_held_where_its_owner_may_not_start_it(sandbox, make_job):
    job = make_job([sandbox.add_ticket() for _ in range(2)], dry_run=False)
    permit("user", TAGS, largest_job=1)

    finish(job, until=JobStatus.PLANNED)

    assert job.status == JobStatus.PLANNED
    permit("user", TAGS)
    agree(job)
    finish(job)
    assert job.changed_count == 2


def test_every_job_of_a_tool_that_was_taken_out_can_still_be_undone(make_job, agent_here):
    job = make_job([1])
    job.tool_slug, job.operation = "taken-out", "taken_out"

    assert permissions.may_do_again(agent_here, job)
    assert db.session.query(Job).count() == 1
