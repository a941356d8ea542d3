"""What programs do to jobs: start them, stop them, and make others follow."""

from uuid import UUID

from pydantic import ConfigDict, Field, TypeAdapter

from app.access import address, job_or_404, job_to_write_or_404, me
from app.api import bp, repeating, shapes
from app.api.endpoint import Answer, endpoint
from app.api.jobs import made, shape_of
from app.api.problems import FieldError, Problem
from app.forms.program import Part
from app.models import Job, JobStatus, Scope
from app.services import approving, jobs, lineage
from app.services.agreeing import NotAgreed, PlanChanged, Said
from app.services.lineage import Relation
from app.tasks.launching import start

EXAMPLE_DIGEST = "9b74c9897bac770ffc029102a200c5de" * 2


class PlanNamed(Part):
    """Which plan is meant. It may have changed since you looked at it, and then it is not done."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"plan_digest": EXAMPLE_DIGEST}]})

    plan_digest: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="The `plan_digest` of the job that you looked at."
    )


class Agreed(PlanNamed):
    """A plan, and what you agree to where it asks for that: what is missing is named in the answer."""

    agreed_to_part: bool = Field(
        False,
        description="The plan has only the first tickets of the selection, and that is meant.",
    )
    agreed_without: bool = Field(
        False, description="A part of the macro cannot be done in bulk, and is to be left out."
    )
    typed_count: int | None = Field(
        None, ge=0, description="Where great harm may be done: how many tickets the plan changes."
    )
    canary: bool = Field(False, description="Pause after the first tickets, until you continue.")

    @property
    def said(self) -> Said:
        count = "" if self.typed_count is None else str(self.typed_count)
        return Said(self.agreed_to_part, self.agreed_without, count)


_AGREED, _PLAN = TypeAdapter(Agreed), TypeAdapter(PlanNamed)
_CHANGING = {"scope": Scope.WRITE, "answer": shapes.Job, "problems": (404, 409)}
_MAKING = _CHANGING | {"status": 201, "repeatable": True}


@bp.post("/jobs/<uuid:job_id>/apply")
@endpoint("Start a plan", body=lambda: _AGREED, **_CHANGING)
def apply_plan(job_id: UUID, body: Agreed) -> shapes.Job:
    """Let the plan be done, if it is still the one that you looked at. To start it twice does it once."""
    job = job_to_write_or_404(job_id)
    if not _is_started(job, body.plan_digest):
        _apply(job, body)
    return _set_off(job_id)


@bp.post("/jobs/<uuid:job_id>/approve")
@endpoint("Approve a plan", body=lambda: _PLAN, **_CHANGING)
def approve_plan(job_id: UUID, body: PlanNamed) -> shapes.Job:
    """As an admin, agree to the plan of somebody else that must not be started without that. It is started, if that
    was asked for."""
    job = job_or_404(job_id)
    if job.plan_digest == body.plan_digest and not approving.is_wanted(job):
        raise Problem(409, "This plan needs no approval.")
    try:
        jobs.approve(job, body.plan_digest, me(), address())
    except PlanChanged as error:
        raise _other_plan(job, str(error)) from None
    return _set_off(job_id)


@bp.post("/jobs/<uuid:job_id>/pause")
@endpoint("Pause a job", **_CHANGING)
def pause_job(job_id: UUID) -> shapes.Job:
    """Nothing more is sent within 3 seconds. The job is `paused` as soon as Zendesk is done with what it has."""
    done = jobs.pause(job_or_404(job_id), me(), address())
    return _asked(job_id, done, "There is nothing to pause: the job is not running.")


@bp.post("/jobs/<uuid:job_id>/resume")
@endpoint("Resume a job", **_CHANGING)
def resume_job(job_id: UUID) -> shapes.Job:
    """Let a paused or failed job go on where it stopped."""
    done = jobs.resume(job_to_write_or_404(job_id), me(), address())
    return _asked(job_id, done, "Only a paused or failed job can be resumed.")


@bp.post("/jobs/<uuid:job_id>/continue")
@endpoint("Go on after the first tickets", **_CHANGING)
def continue_job(job_id: UUID) -> shapes.Job:
    """After a pause for the first tickets, or for too many failures: go on with the rest."""
    done = jobs.resume(job_to_write_or_404(job_id), me(), address())
    return _asked(job_id, done, "The job does not wait to be continued.")


@bp.post("/jobs/<uuid:job_id>/cancel")
@endpoint("Cancel a job", **_CHANGING)
def cancel_job(job_id: UUID) -> shapes.Job:
    """Nothing more is sent within 3 seconds. What was changed stays changed."""
    done = jobs.cancel(job_or_404(job_id), me(), address())
    return _asked(job_id, done, "It is too late to cancel: the job is over.")


@bp.post("/jobs/<uuid:job_id>/force")
@endpoint("Force a job to stop", **_CHANGING)
def force_job(job_id: UUID) -> shapes.Job:
    """Where a job has been stopping for 5 minutes: wait no longer for Zendesk. What became of the tickets that it has
    is then `unknown`."""
    done = jobs.force(job_or_404(job_id), me(), address())
    return _asked(job_id, done, "There is nothing to force: the job is not waiting to stop.")


@bp.post("/jobs/<uuid:job_id>/retry")
@endpoint("Try again what failed", **_MAKING)
def retry_job(job_id: UUID) -> Answer:
    """Make a plan for the tickets that failed."""
    return _follow(job_to_write_or_404(job_id), Relation.RETRY)


@bp.post("/jobs/<uuid:job_id>/finish")
@endpoint("Take up what was not reached", **_MAKING)
def finish_job(job_id: UUID) -> Answer:
    """Make a plan for the tickets that the job did not come to."""
    return _follow(job_to_write_or_404(job_id), Relation.FINISH)


@bp.post("/jobs/<uuid:job_id>/rerun")
@endpoint("Plan it anew", **_MAKING)
def rerun_job(job_id: UUID) -> Answer:
    """Make a plan for the selection as it is today."""
    return _follow(job_to_write_or_404(job_id), Relation.RERUN)


@bp.post("/jobs/<uuid:job_id>/verify")
@endpoint("Check that it holds", **_MAKING)
def verify_job(job_id: UUID) -> Answer:
    """Look whether the tickets still have what the job gave them. Changes nothing."""
    return _follow(job_or_404(job_id), Relation.VERIFY)


@bp.post("/jobs/<uuid:job_id>/undo")
@endpoint("Undo a job", **_MAKING)
def undo_job(job_id: UUID) -> Answer:
    """Make a plan that takes back what the job did, as far as that can be."""
    return _follow(job_to_write_or_404(job_id), Relation.UNDO)


def _is_started(job: Job, digest: str) -> bool:
    """Was this very plan started before? Raises Problem where it cannot be started any more, or not yet."""
    if job.state is JobStatus.PLANNED:
        return False
    if job.is_being_planned:
        raise Problem(409, "The plan is still being made. Look at the job again in a moment.")
    if job.plan_digest != digest:
        raise _other_plan(job, "This is not the plan of the job.")
    if job.is_over and job.started_at is None:
        raise Problem(409, f"The job is {job.status}: its plan cannot be started any more.")
    return True


def _apply(job: Job, agreed: Agreed) -> None:
    said = agreed.said
    try:
        jobs.apply(
            job,
            agreed.plan_digest,
            me(),
            **vars(said),
            canary=agreed.canary,
            address=address(),
        )
    except NotAgreed as error:
        errors = [FieldError(one.field, one.for_program) for one in error.missing]
        raise Problem(422, " ".join(one.detail for one in errors), errors) from None
    except PlanChanged as error:
        raise _other_plan(job, str(error)) from None


def _other_plan(job: Job, words: str) -> Problem:
    """With what differs: the plan as it is now."""
    now = {"status": job.status, "plan_digest": job.plan_digest, "counts": job.counts}
    return Problem(409, words, [FieldError("plan_digest", words)], plan=now)


def _asked(job_id: UUID, done: bool, refusal: str) -> shapes.Job:
    if not done:
        raise Problem(409, refusal)
    return _set_off(job_id)


def _set_off(job_id: UUID) -> shapes.Job:
    """Let the job take the step that was asked for, here or in a worker, and tell how it stands."""
    start(str(job_id))
    return shape_of(job_or_404(job_id))


def _follow(job: Job, relation: Relation) -> Answer:
    """Make the job that follows. Raises NothingToFollow."""
    key = lineage.key_of(job, relation)
    child = repeating.once(key, lambda: lineage.follow(job, relation, me(), address()))
    child_id = child.job_id
    start(child_id)
    return made(child_id)
