"""What a plan comes to beside its changes: whom it writes to, and what its tickets lack."""

import pytest

from app.extensions import db
from app.models import JobStatus
from app.services import agreeing, jobs, reach, unticking
from app.services.agreeing import NotAgreed
from app.zendesk.sandbox.directory import FIRST_ORGANIZATION, FIRST_REQUESTER
from app.zendesk.sandbox.fields import ASSIGNEE_FIELD, RESOLUTION_FIELD
from tests.fixtures.running_jobs import finish

ANN, BEN, CLEO = range(FIRST_REQUESTER, FIRST_REQUESTER + 3)
HERE, THERE = FIRST_ORGANIZATION, FIRST_ORGANIZATION + 1
REPLY = ("comment_value_html", "<p>It is on its way.</p>")
NOTE = (("comment_value", "Checked."), ("comment_mode_is_public", "false"))
SOLVE = ("status", "solved")


@pytest.fixture
def macro_plan(sandbox, make_job):
    """The plan of a job that applies a macro of these actions to the tickets."""

    def plan(tickets, *actions):
        job = make_job(
            tickets,
            tool_slug="apply-macro-to-view",
            operation="apply_macro",
            arguments={"macro_id": sandbox.add_macro("Made by a test", actions)},
        )
        finish(job, until=JobStatus.PLANNED)
        return job

    return plan


@pytest.fixture
def four(sandbox):
    """Two tickets of Ann's, one of Ben's, and a closed one of Cleo's, which nobody can change."""
    whose = [(ANN, HERE), (ANN, HERE), (BEN, THERE), (CLEO, THERE)]
    states = ["open", "open", "open", "closed"]
    return [
        sandbox.add_ticket(status=status, requester_id=person, organization_id=organization)
        for status, (person, organization) in zip(states, whose, strict=True)
    ]


def test_replies_are_counted_by_requester_and_by_organisation(macro_plan, four):
    found = reach.of(macro_plan(four, REPLY))

    assert (found.replies, found.people, found.several, found.most) == (3, 2, 1, 2)
    assert found.organizations_in_all == 2
    assert [(one.id, one.replies) for one in found.organizations] == [(HERE, 2), (THERE, 1)]
    assert all(one.name for one in found.organizations)


def test_an_internal_note_reaches_nobody(macro_plan, four):
    found = reach.of(macro_plan(four, *NOTE))

    assert (found.replies, found.people, found.organizations) == (0, 0, ())


def test_tickets_without_an_organisation_are_counted_all_the_same(sandbox, macro_plan):
    found = reach.of(macro_plan([sandbox.add_ticket(status="open", organization_id=None)], REPLY))

    assert (found.replies, found.organizations) == (1, ())


def test_organisations_that_zendesk_does_not_tell_have_their_numbers(sandbox, macro_plan, four):
    untold = {"kind": "unknown_404", "route": "GET /organizations/show_many"}
    sandbox.change_settings(faults=[untold])

    found = reach.of(macro_plan(four, REPLY))

    assert [(one.id, one.name) for one in found.organizations] == [(HERE, ""), (THERE, "")]


def test_a_ticket_that_is_left_out_is_not_counted_any_more(macro_plan, four):
    job = macro_plan(four, REPLY)

    unticking.untick(job, job.plan_digest, job.user, out=four[:1])
    db.session.commit()

    found = reach.of(job)
    assert (found.replies, found.people, found.several) == (2, 2, 0)
    assert found.organizations[0].name


def test_tickets_that_lack_what_solving_wants_are_counted(sandbox, macro_plan):
    resolved = [{"id": RESOLUTION_FIELD, "value": "refunded"}]
    lacks_both = sandbox.add_ticket(status="open", assignee_id=None)
    lacks_one = sandbox.add_ticket(status="open", assignee_id=9001)
    is_solved = sandbox.add_ticket(status="solved", assignee_id=None)
    has_all = sandbox.add_ticket(status="open", assignee_id=9001, custom_fields=resolved)

    job = macro_plan([lacks_both, lacks_one, is_solved, has_all], SOLVE, ("current_tags", "x"))

    found = reach.of(job)
    assert found.lacking == 2
    assert found.lacks == {str(ASSIGNEE_FIELD): 1, str(RESOLUTION_FIELD): 2}
    assert job.pinned["required"][str(RESOLUTION_FIELD)] == "Resolution"


def test_what_the_macro_fills_in_itself_is_not_lacking(sandbox, macro_plan):
    ticket = sandbox.add_ticket(status="open", assignee_id=None)

    job = macro_plan(
        [ticket],
        SOLVE,
        ("assignee_id", "9001"),
        (f"custom_fields_{RESOLUTION_FIELD}", "refunded"),
    )

    assert reach.of(job).lacking == 0


def test_a_sample_tells_how_often_a_placeholder_is_empty(sandbox, macro_plan):
    assigned = sandbox.add_ticket(status="open", assignee_id=9001)
    nobodys = sandbox.add_ticket(status="open", assignee_id=None)

    job = macro_plan(
        [assigned, nobodys], ("comment_value_html", "<p>{{ticket.assignee.name}} has it.</p>")
    )

    found = reach.of(job)
    assert (found.tried, found.empty) == (2, {"ticket.assignee.name": 1})


def test_a_tag_job_reaches_nobody(sandbox, plan_job):
    assert reach.of(plan_job([sandbox.add_ticket()])) is None


def test_a_plan_that_writes_to_people_wants_the_number_of_tickets(macro_plan, four):
    job = macro_plan(four, REPLY)
    start = {"digest": job.plan_digest, "user": job.user, "agreed_to_part": False}

    (asked,) = agreeing.needed(job)
    assert asked.why.startswith("This sends 3 public replies by e-mail to 2 people.")
    with pytest.raises(NotAgreed, match="This plan changes 3 tickets"):
        jobs.apply(job, **start)
    assert jobs.apply(job, **start, typed_count="3")


def test_a_note_wants_no_number(macro_plan, four):
    assert agreeing.needed(macro_plan(four, *NOTE)) == []
