"""Plans of macros as somebody agrees to them."""

import pytest

from app.extensions import db
from app.models import JobStatus
from app.services import estimate, jobs, reversal
from app.services.jobs import PlanChanged
from tests.fixtures.running_jobs import finish

SOLVE = (("status", "solved"), ("current_tags", "refund"))
REPLY = (*SOLVE, ("comment_value_html", "<p>Your money is on its way.</p>"))
SHARE = (*SOLVE, ("share_ticket", "31001"))


@pytest.fixture
def macro(sandbox):
    return sandbox.add_macro("Refund", SOLVE)


@pytest.fixture
def macro_plan(sandbox, make_job):
    """The plan of a job that applies the macro to a ticket."""

    def plan(macro_id):
        job = make_job(
            [sandbox.add_ticket(status="open")],
            tool_slug="apply-macro-to-view",
            operation="apply_macro",
            arguments={"macro_id": macro_id},
        )
        finish(job, until=JobStatus.PLANNED)
        return job

    return plan


def agree(job, **more):
    return jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False, **more)


def test_a_plan_whose_macro_was_edited_is_refused_with_what_changed(sandbox, macro_plan, macro):
    job = macro_plan(macro)
    sandbox.set_macro(macro, actions=(("status", "pending"), SOLVE[1]))

    with pytest.raises(PlanChanged) as refused:
        agree(job)

    assert str(refused.value) == (
        "The macro “Refund” was changed after the plan was made. No longer: Set status to Solved. New: Set status to "
        "Pending. Nothing was changed. Plan it again, and look at the new plan."
    )
    assert job.status == JobStatus.PLANNED


def test_a_plan_whose_macro_is_gone_is_refused(sandbox, macro_plan, macro):
    job = macro_plan(macro)
    job.arguments = {"macro_id": 987_654}
    db.session.commit()

    with pytest.raises(PlanChanged, match=r"is gone.*Nothing was changed. Choose another macro."):
        agree(job)


def test_a_plan_whose_macro_is_as_it_was_is_set_in_motion(sandbox, macro_plan, macro):
    job = macro_plan(macro)
    sandbox.set_macro(macro, title="Refund, with a new name")

    assert agree(job)
    assert job.status == JobStatus.PENDING


def test_a_plan_may_start_while_zendesk_is_down(sandbox, macro_plan, macro):
    job = macro_plan(macro)
    sandbox.change_settings(down=True)

    assert agree(job)


def test_what_could_not_be_asked_is_asked_before_anything_is_written(
    in_app, sandbox, macro_plan, macro, monkeypatch
):
    job = macro_plan(macro)
    sandbox.set_macro(macro, actions=(("status", "pending"),))

    with monkeypatch.context() as without:
        without.setitem(in_app.config, "ZENDESK_OAUTH_CLIENT_ID", "")
        assert agree(job)
        db.session.commit()
    finish(job)

    assert job.status == JobStatus.FAILED
    assert job.error.endswith("nothing more was changed. Plan it again, and look at the new plan.")
    assert sandbox.summary()["deliveries"] == 0


def test_what_bulk_leaves_out_wants_a_tick(sandbox, macro_plan):
    job = macro_plan(sandbox.add_macro("Share", SHARE))

    with pytest.raises(PlanChanged, match="left out when it is applied in bulk"):
        agree(job)

    assert "shares the ticket" in job.left_out[0]
    assert agree(job, agreed_without=True)


@pytest.mark.parametrize(
    ("actions", "extent", "words"),
    [
        (SOLVE[1:], "fully", "All that this job changes can be undone"),
        (REPLY, "partly", "The public reply cannot be taken back, nor can the e-mails"),
        (REPLY[2:], "not", "Nothing of what this job does can be undone"),
    ],
)
def test_a_plan_says_how_much_of_it_can_be_undone(sandbox, macro_plan, actions, extent, words):
    job = macro_plan(sandbox.add_macro("Made by a test", actions))

    assert reversal.of(job).extent == extent
    assert words in reversal.sentence(job)


def test_a_job_that_no_tool_knows_any_more_says_nothing_of_it(make_job):
    assert reversal.sentence(make_job([1], operation="taken_out")) == ""


def test_a_plan_that_no_tool_knows_any_more_is_refused(sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    job.operation = "taken_out"
    db.session.commit()

    with pytest.raises(PlanChanged, match="it was taken out"):
        agree(job)


def test_a_text_that_zendesk_fills_in_costs_a_call_for_each_ticket(sandbox, macro_plan):
    plain = macro_plan(sandbox.add_macro("Plain", REPLY))
    greeting = (("comment_value_html", "<p>Dear {{ticket.requester.name}}</p>"),)
    greets = macro_plan(sandbox.add_macro("Greeting", greeting))

    assert estimate.of(greets).calls == estimate.of(plain).calls + 1
