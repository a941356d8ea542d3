"""Settings that admins change while everything runs: what each means, and within which bounds."""

import logging
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import AuditEvent, Setting, User
from app.services import audit
from app.services.memo import forget, memo

log = logging.getLogger(__name__)

Value = int | bool
LONGEST_DAYS = 3650
_CHOSEN, _CHANGE = "settings", "setting.change"


class OutOfBounds(ValueError):
    """Its message says what the setting may be."""


@dataclass(frozen=True)
class Known:
    """A setting. `default` is the value without a choice; `variable` the one of the environment that is used first.

    `most` is None for what is only yes or no. `own_page` is the endpoint of the page on which it is changed, where that
    is a page of its own.
    """

    name: str
    title: str
    meaning: str
    least: int = 0
    most: int | None = None
    unit: str = ""
    default: Value = 0
    variable: str = ""
    own_page: str = ""

    @property
    def is_yes_or_no(self) -> bool:
        return self.most is None

    @property
    def bounds(self) -> str:
        """What to type, as a sentence."""
        unit = f" {self.unit}" if self.unit else ""
        return f"Type a whole number from {self.least:,} to {self.most:,}{unit}."

    def told(self, value: Value) -> str:
        """The value in words."""
        if self.is_yes_or_no:
            return "yes" if value else "no"
        return f"{value:,} {self.unit}" if self.unit else f"{value:,}"

    def moved(self, before: Value, after: Value) -> str:
        """What a change came to, in words."""
        if before == after:
            return f"{self.title}: {self.told(after)}, as before."
        return f"{self.title}: {self.told(before)} → {self.told(after)}."

    def without_choice(self) -> Value:
        return current_app.config[self.variable] if self.variable else self.default

    def checked(self, value: Value) -> Value:
        """Raises OutOfBounds."""
        if self.most is None:
            return bool(value)
        if not self.least <= value <= self.most:
            raise OutOfBounds(self.bounds)
        return value


ALL = (
    Known(
        "reserve_percent",
        "Kept for people in Zendesk",
        "How much of each of Zendesk's minute limits Giga Tools leaves to the people who work there.",
        least=0,
        most=90,
        unit="per cent",
        variable="ZENDESK_RESERVE_PERCENT",
    ),
    Known(
        "max_in_flight",
        "Bulk changes at once",
        "How many bulk changes Giga Tools lets Zendesk work on at a time. An account has room for 30, of everybody.",
        least=1,
        most=30,
        variable="ZENDESK_MAX_IN_FLIGHT",
    ),
    Known(
        "jobs_retention_days",
        "How long jobs are kept",
        "A job that ended so many days ago is deleted, with the results of its tickets. 0 keeps jobs for ever.",
        least=0,
        most=LONGEST_DAYS,
        unit="days",
        default=365,
        own_page="admin.show_retention",
    ),
    Known(
        "audit_retention_days",
        "How long the audit log is kept",
        "What the audit log noted so many days ago is deleted. 0 keeps all of it for ever.",
        least=0,
        most=LONGEST_DAYS,
        unit="days",
        default=730,
        own_page="admin.show_retention",
    ),
    Known(
        "issue_sensitivity",
        "How finely issues are told apart",
        "1 gives few and wide issues, 9 many and narrow ones. It decides on new issues and on tickets that join one; "
        "what is in an issue stays there.",
        least=1,
        most=9,
        default=5,
    ),
    Known(
        "issue_smallest",
        "The smallest issue",
        "So many tickets that say the same become an issue. Fewer stay among those that are like no other.",
        least=2,
        most=100,
        unit="tickets",
        default=5,
    ),
    Known(
        "tickets_kept_days",
        "How long tickets are mirrored",
        "The monthly cleanup lets go of tickets that last changed so many days ago, with what was found in them, and "
        "no sync reaches back further. Nothing changes in Zendesk. 0 keeps them for ever.",
        least=0,
        most=LONGEST_DAYS,
        unit="days",
        default=730,
    ),
    Known(
        "runs_kept_days",
        "How long runs of the pipeline are kept",
        "What the monthly cleanup deletes: runs that ended so many days ago. Tickets and issues stay.",
        least=1,
        most=LONGEST_DAYS,
        unit="days",
        default=90,
    ),
    Known(
        "two_factor_for_admins",
        "Two-factor for admins",
        "Admins must sign in with a code from an app as well. One who has not set that up can open nothing else until "
        "they have, from their next click on. So set up your own first.",
        default=False,
    ),
    Known(
        "analyse_with_claude",
        "Analysis by Claude",
        "Anthropic's Claude analyses tickets in place of the word lists of Giga Tools. It costs money, and the texts "
        "of tickets leave this server, with e-mail addresses and the numbers of phones, cards and accounts taken out. "
        "The operator sets ANTHROPIC_API_KEY for it.",
        default=False,
    ),
    Known(
        "claude_dollars_a_run",
        "Most that Claude may cost in one run",
        "A run stops analysing before it would cost more. What is left is analysed by the next one.",
        least=1,
        most=100_000,
        unit="dollars",
        default=20,
    ),
    Known(
        "claude_dollars_a_month",
        "Most that Claude may cost in a month",
        "Of all runs of a calendar month, in UTC. The analysis stops before it would cost more.",
        least=1,
        most=1_000_000,
        unit="dollars",
        default=100,
    ),
    Known(
        "claude_requests_a_minute",
        "Calls to Claude in a minute",
        "Keep it below the limit of your organisation at Anthropic, which its other programs share.",
        least=1,
        most=10_000,
        default=50,
    ),
    Known(
        "claude_tokens_a_minute",
        "Tokens for Claude in a minute",
        "Of what is sent and of what may be answered. Keep it below the limit of your organisation at Anthropic.",
        least=10_000,
        most=100_000_000,
        default=200_000,
    ),
)
BY_NAME = {one.name: one for one in ALL}


@dataclass(frozen=True)
class Standing:
    """A setting as it is now, and who made it so. `changed_by` is empty where nobody did, or the log has forgotten."""

    known: Known
    value: Value
    is_chosen: bool
    changed_at: datetime | None = None
    changed_by: str = ""


def value(name: str) -> Value:
    """What is chosen for the setting or, without a choice, set by the environment."""
    known = BY_NAME[name]
    chosen = db.session.scalar(select(Setting.value).where(Setting.name == name))
    return known.without_choice() if chosen is None else chosen


def current(name: str) -> Value:
    """The same for whoever asks all the time: a second old at most, and without the session.

    Where the database cannot be read, it is what the environment sets: a call that is under way must not fail by it.
    """
    try:
        chosen = memo(_CHOSEN, _chosen)
    except SQLAlchemyError as error:
        log.warning("settings could not be read: %s", type(error).__name__)
        chosen = {}
    return chosen.get(name, BY_NAME[name].without_choice())


def look() -> list[Standing]:
    """All settings, in their order."""
    rows = {row.name: row for row in db.session.scalars(select(Setting))}
    return [_standing(known, rows.get(known.name)) for known in ALL]


def choose(name: str, wanted: Value, user: User | None, address: str = "") -> None:
    """Let the setting have this value from now on, in every process. Raises OutOfBounds. The caller commits."""
    known = BY_NAME[name]
    wanted, before = known.checked(wanted), value(name)
    if wanted == before:
        return
    db.session.merge(Setting(name=name, value=wanted))
    audit.record(user, _CHANGE, name, address, before=before, after=wanted)
    forget(_CHOSEN)


def go_back(name: str, user: User | None, address: str = "") -> None:
    """Let the setting have what the environment sets, now and later. The caller commits."""
    before, after = value(name), BY_NAME[name].without_choice()
    if not db.session.scalar(select(Setting.name).where(Setting.name == name)):
        return
    db.session.execute(delete(Setting).where(Setting.name == name))
    audit.record(user, _CHANGE, name, address, before=before, after=after, chosen=False)
    forget(_CHOSEN)


def _chosen(session: Session) -> dict[str, Value]:
    return {row.name: row.value for row in session.execute(select(Setting.name, Setting.value))}


def _standing(known: Known, row: Setting | None) -> Standing:
    newest = (
        select(AuditEvent.at, AuditEvent.actor)
        .where(AuditEvent.target == known.name, AuditEvent.action == _CHANGE)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    change = db.session.execute(newest).one_or_none()
    at, by = change or (row.updated_at if row else None, "")
    return Standing(known, row.value if row else known.without_choice(), row is not None, at, by)
