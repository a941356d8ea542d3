"""Every limit of the sandbox, with Zendesk's published value as the default."""

from dataclasses import dataclass, field, fields, replace
from types import NoneType
from typing import Any, get_origin, get_type_hints

from .rules import parsed as parsed_faults
from .triggers import parsed as parsed_triggers

# Requests per minute of a whole account, as Zendesk publishes them.
PLANS = {
    "essential": 10,
    "team": 200,
    "growth": 400,
    "professional": 400,
    "enterprise": 700,
    "enterprise_plus": 2500,
    "high_volume": 2500,
}
# The setting that says so asks for Zendesk's number for this plan and kind of account.
PUBLISHED = "published"
Most = int | str | None


@dataclass(frozen=True)
class Numbers:
    """What Zendesk publishes for one limit. None means that there is none."""

    usual: int | None
    high_volume: int | None
    trial: int | None  # a trial or Zendesk's own kind of sandbox account
    high_volume_trial: int | None


_NUMBERS = {
    "tickets_update_per_minute": Numbers(100, 300, 20, 100),
    "tickets_index_per_minute": Numbers(None, None, 100, 300),
    "incremental_per_minute": Numbers(10, 30, 10, 30),
}
# What makes the tickets what they are: neither it nor the start can change afterwards.
SHAPE = ("tickets", "seed", "closed_share", "history_days", "small_view", "medium_view")
FIXED = frozenset({*SHAPE, "starts_at"})


@dataclass(frozen=True)
class Settings:
    """What one sandbox is and may do. Seconds are virtual unless a line says otherwise."""

    # The data. They are fixed once the sandbox has been made.
    tickets: int = 12_000
    seed: int = 1
    starts_at: str | None = None  # ISO 8601; None means the real time of the first start
    closed_share: float = 0.12
    history_days: int = 110  # Zendesk archives some 120 days after closing: none is archived yet
    small_view: int = 120  # tickets in "Recall of batch 7"
    medium_view: int = 450  # tickets in "Partner escalations"

    # The clock: a virtual minute lasts 60 / speed real seconds.
    speed: float = 1.0

    # The account
    plan: str = "enterprise"
    requests_per_minute: int | None = None  # None means what the plan permits
    token_lifetime: int = 1800  # real seconds; Zendesk's default for an OAuth access token
    trial: bool = False  # a trial or sandbox account, with lower limits of single endpoints
    others_per_minute: int = 0  # requests of others, which use up the minute evenly
    old_header_names: bool = False  # rate-limit and zendesk-rate-limit-<name>, as in 2023
    refresh_lifetime: int = 30 * 86_400  # real seconds; Zendesk's default
    code_lifetime: int = 120  # real seconds from Allow to the exchange; not published
    redirect_uris: str | None = None  # those that OAuth clients may name, with spaces; None: any
    down: bool = False  # every API call answers 503
    down_retry_after: int | None = None  # real seconds; Zendesk leaves it out in an incident

    # Zendesk jobs
    job_rate: float = 10.0  # tickets per second of one job, as recorded in 2023
    job_start_delay: float = 1.0
    jobs_at_once: int = 30  # not published: how many of the queued jobs really run
    max_jobs: int = 30  # queued or running
    job_retention: int = 86_400  # Zendesk keeps job results one day
    safe_bulk_updates: bool = True  # a ticket changed after its job was queued is a conflict

    job_status_delay: float = 0.0  # so long a new job's status is not found

    # Endpoint limits. None means that there is none, "published" Zendesk's number for the plan
    tickets_update_per_minute: Most = PUBLISHED
    per_ticket_updates: Most = 30
    per_ticket_window: int = 600
    tickets_index_per_minute: Most = PUBLISHED
    deep_pages_per_minute: Most = 50  # beyond page 500
    tickets_create_per_minute: Most = 300
    tickets_delete_per_minute: Most = 400
    deleted_tickets_per_minute: Most = 10
    deleted_tickets_deep_per_minute: Most = 5  # beyond page 100
    ticket_audits_per_minute: Most = 500
    view_count_per_minute: Most = 5  # per view and agent, executing counted separately
    view_execute_per_minute: Most = 5
    view_preview_per_minute: Most = 5  # per agent: a preview has no view
    count_many_per_minute: Most = 6
    search_per_minute: Most = 2500
    search_export_per_minute: Most = 100
    tags_index_per_minute: Most = 100
    incremental_per_minute: Most = PUBLISHED

    # Sizes
    max_page_size: int = 100
    offset_depth: int = 10_000
    offset_pages: int = 100
    view_cursor_depth: int | None = None  # not published whether view cursors go past 10,000
    show_many_max: int = 100
    update_many_max: int = 100
    count_many_max: int = 20
    compact_views_max: int = 32

    # View counts
    view_count_delay: float = 0.0  # so long a view's first count is null, which is not zero
    view_count_staleness: float = 0.0  # so long a count is served from a cache

    view_execute_lifetime: float = 600.0  # so long an executed view is served from a cache

    # The count of all tickets
    ticket_count_fresh_to: int = 100_000  # above so many it is counted once in its lifetime
    ticket_count_lifetime: int = 86_400
    ticket_count_delay: float = 0.0  # so long counting lasts, which is not published

    # What the help desk asks for, and how it answers
    assignee_to_solve: bool = False
    resolution_to_solve: bool = False  # the field "Resolution" must be filled in
    archive_days: int = 120  # Zendesk archives about so long after closing
    search_max: int = 1_000  # results that /search gives
    search_lag: float = 0.0  # so long a search does not see a change; Zendesk's lags minutes
    search_export_page: int = 1_000
    search_cursor_lifetime: int = 3_600
    incremental_page: int = 1_000
    incremental_delay: int = 60  # an incremental export leaves out the last minute
    idempotency_lifetime: int = 7_200
    popular_tags: int = 20_000  # so many /tags gives
    autocomplete_max: int = 15

    # Trouble, switched on for tests: see rules.Rule and triggers.Rule for what they may hold
    faults: list[dict[str, Any]] = field(default_factory=list)
    fault_seed: int = 1
    meddling: float = 0.0  # how probably a job's ticket is edited by somebody else before its turn
    triggers: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.plan not in PLANS:
            raise ValueError(f"No plan {self.plan!r}; there are {', '.join(PLANS)}.")
        if self.tickets < 0:
            raise ValueError("tickets cannot be negative.")
        for name in ("speed", "job_rate", "jobs_at_once", "max_page_size"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above zero.")
        for setting in fields(self):
            value = getattr(self, setting.name)
            if setting.type is Most and isinstance(value, str):
                _check_published(setting.name, value)
        parsed_faults(self.faults)
        parsed_triggers(self.triggers)

    @property
    def minute_limit(self) -> int:
        """Requests per virtual minute of the whole account."""
        if self.requests_per_minute is not None:
            return self.requests_per_minute
        return PLANS[self.plan]

    def limit(self, name: str) -> int | None:
        """How many the setting of an endpoint's limit permits; None where there is no limit."""
        value = getattr(self, name)
        if value != PUBLISHED:
            return value
        numbers = _NUMBERS[name]
        if self.plan == "high_volume":
            return numbers.high_volume_trial if self.trial else numbers.high_volume
        return numbers.trial if self.trial else numbers.usual

    def overridden(self, changes: dict[str, Any]) -> "Settings":
        """The same with some values replaced. ValueError for an unknown name or a wrong type."""
        for name, value in changes.items():
            _check(name, value)
        return replace(self, **changes)


def _check(name: str, value: Any) -> None:
    if name not in TYPES:
        raise ValueError(f"No setting {name!r}.")
    allowed = TYPES[name]
    if isinstance(value, bool) is not (bool in allowed) or not isinstance(value, allowed):
        names = " or ".join("null" if kind is NoneType else kind.__name__ for kind in allowed)
        raise ValueError(f"{name} must be {names}, not {value!r}.")


def _check_published(name: str, value: str) -> None:
    if value != PUBLISHED or name not in _NUMBERS:
        raise ValueError(f"{name} must be a number or null, not {value!r}.")


def _types(hint: Any) -> tuple[type, ...]:
    if get_origin(hint) is list:
        return (list,)
    kinds = getattr(hint, "__args__", (hint,))
    return (*kinds, int) if float in kinds else tuple(kinds)


_HINTS = get_type_hints(Settings)
TYPES = {field.name: _types(_HINTS[field.name]) for field in fields(Settings)}
