"""What programs are answered, as the document describes it. Answers are made of these, so that both agree."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from app.models import Access, JobStatus, Outcome, RunKind, RunStatus

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
NextCursor = Annotated[
    str | None, Field(description="Send it as `cursor` for the next page. Null on the last one.")
]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Counts(Shape):
    """Tickets by result. They sum to `total_items`."""

    planned: int
    changed: int
    unchanged: int
    skipped: int
    failed: int
    unknown: int
    not_reached: int


class Waiting(Shape):
    """What the job waits for, and until when, where that is known."""

    reason: str
    until: Moment | None


class Need(Shape):
    """Something to be agreed to with apply, by the name of its field; or an approval, or a right that is missing."""

    field: str | None
    words: str


class Job(Shape):
    """How a job stands."""

    job_id: str
    tool_slug: str
    title: str
    status: JobStatus
    progress: int = Field(ge=0, le=100, description="Per cent. 0 while the plan is made.")
    total_items: int
    processed_items: int
    counts: Counts
    plan_digest: str | None = Field(
        description="Names the plan exactly. Null until it is made. To be sent with apply."
    )
    dry_run: bool = Field(description="Is there only a plan, which waits to be applied?")
    matched: int | None = Field(description="How many tickets Zendesk says the selection has.")
    truncated: bool = Field(description="Are there more tickets than the limit let in?")
    parent_id: str | None
    relation: str | None = Field(description="How it follows from its parent: retry, undo …")
    reversible: str | None = Field(description="Can it be undone: fully, partly or not?")
    rate_per_minute: int | None
    eta_seconds: int | None
    waiting: Waiting | None
    created_at: Moment
    started_at: Moment | None
    completed_at: Moment | None
    error: str | None
    result: dict[str, Any] | None
    is_over: bool
    needs: list[Need] = Field(description="What the start of the plan still needs. Empty: nothing.")


class Jobs(Shape):
    jobs: list[Job]
    next_cursor: NextCursor


class Ticket(Shape):
    """What becomes of one ticket, or became of it."""

    ticket_id: int
    outcome: Outcome
    reason: str | None = Field(description="Why it was left alone or failed: a code.")
    detail: str | None = Field(description="More of that, in words, perhaps Zendesk's own.")
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    updated_at: Moment


class Tickets(Shape):
    tickets: list[Ticket]
    next_cursor: NextCursor


class Macro(Shape):
    """A macro as Giga Tools last copied it from Zendesk."""

    id: int
    title: str
    description: str
    active: bool
    access: Access = Field(description="Who may use it in Zendesk.")
    does: list[str] = Field(description="What it does besides its comment, in sentences.")
    comment: str
    comment_is_public: bool
    usage_30d: int | None
    changed_at: Moment | None


class Macros(Shape):
    macros: list[Macro]
    next_cursor: NextCursor


class View(Shape):
    id: int
    title: str


class Views(Shape):
    views: list[View]
    next_cursor: None = Field(description="Always null: all views come at once.")


class ScheduledTask(Shape):
    """Something that is done by itself."""

    id: str
    name: str
    next_run: Moment | None = Field(description="Null while it is switched off.")
    trigger: str = Field(description="When: the fields of its cron text that are not `*`.")


class ScheduledTasks(RootModel[list[ScheduledTask]]):
    """What is done by itself, and when."""


class PipelineWorker(Shape):
    """The run of the pipeline that is under way, or else the last one."""

    status: Literal["idle", "running"]
    progress: int = Field(ge=0, le=100, description="Per cent of that run. 0 if there was none.")
    is_running: bool
    started_at: Moment | None
    completed_at: Moment | None = Field(description="Null while it is running.")
    last_result: dict[str, dict[str, Any]] | None = Field(
        description="What the last run that was completed came to, by stage."
    )
    last_error: str | None = Field(
        description="Why the last run that is over failed. Null if it did not."
    )


class Run(Shape):
    """A run of the pipeline that was begun."""

    run_id: str
    kind: RunKind
    status: RunStatus


class NamedField(Shape):
    """What is wrong, and where: `selection.view_id`, or the name of a header or of a part of the address."""

    field: str
    detail: str


class Plan(Shape):
    """A plan as it is now, where another was named."""

    status: JobStatus
    plan_digest: str | None
    counts: Counts


class Problem(Shape):
    """An error, in words (RFC 9457)."""

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    errors: list[NamedField]
    plan: Plan | None = Field(None, description="With 409, of a plan that is another by now.")
