"""Every limit of the sandbox, with Zendesk's published value as the default."""

from dataclasses import dataclass, fields, replace
from types import NoneType
from typing import Any, get_type_hints

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

    # Endpoint limits; None means that there is none
    tickets_update_per_minute: int | None = 100
    per_ticket_updates: int | None = 30
    per_ticket_window: int = 600
    view_count_per_minute: int | None = 5  # per view and agent, executing counted separately
    view_execute_per_minute: int | None = 5
    count_many_per_minute: int | None = 6

    # Sizes
    max_page_size: int = 100
    offset_depth: int = 10_000
    view_cursor_depth: int | None = None  # not published whether view cursors go past 10,000
    show_many_max: int = 100
    update_many_max: int = 100
    count_many_max: int = 20
    compact_views_max: int = 32

    # View counts
    view_count_delay: float = 0.0  # so long a view's first count is null, which is not zero
    view_count_staleness: float = 0.0  # so long a count is served from a cache

    def __post_init__(self) -> None:
        if self.plan not in PLANS:
            raise ValueError(f"No plan {self.plan!r}; there are {', '.join(PLANS)}.")
        if self.tickets < 0:
            raise ValueError("tickets cannot be negative.")
        for name in ("speed", "job_rate", "jobs_at_once", "max_page_size"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above zero.")

    @property
    def minute_limit(self) -> int:
        """Requests per virtual minute of the whole account."""
        if self.requests_per_minute is not None:
            return self.requests_per_minute
        return PLANS[self.plan]

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


def _types(hint: Any) -> tuple[type, ...]:
    kinds = getattr(hint, "__args__", (hint,))
    return (*kinds, int) if float in kinds else tuple(kinds)


_HINTS = get_type_hints(Settings)
TYPES = {field.name: _types(_HINTS[field.name]) for field in fields(Settings)}
