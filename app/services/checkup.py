"""What is right and what is wrong with the connection to Zendesk, in sentences for an admin."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import current_app

from app.config import DEVELOPMENT_KEY
from app.database import now
from app.extensions import db
from app.models import Method
from app.services import budget, connection, presence
from app.services.advice import CLIENTS_PAGE, advice
from app.services.connection import Choice, NotConnected, Source
from app.services.tokens import Keeper
from app.zendesk.client import Client
from app.zendesk.errors import ZendeskError
from app.zendesk.overhearing import Overhearing
from app.zendesk.resources import Me
from app.zendesk.sign_in import API_TOKENS_CLOSED, API_TOKENS_END

CLOCK_TOLERANCE_SECONDS = 60


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"  # no job can run until it is mended


@dataclass(frozen=True)
class Finding:
    level: Level
    words: str


def run() -> list[Finding]:
    """Ask Zendesk, and say what was found. Commits, so that nothing is open meanwhile."""
    return [*_connection(), *_surroundings()]


def jobs_could_run(findings: Iterable[Finding]) -> bool:
    return all(finding.level is not Level.PROBLEM for finding in findings)


def _connection() -> Iterator[Finding]:
    try:
        choice = connection.chosen()
        here = connection.account()
    except NotConnected as error:
        yield Finding(Level.PROBLEM, str(error))
        return
    db.session.commit()
    if choice.method.is_oauth:
        choice.keeper.forget_failure()
    heard = Overhearing(current_app.config.get("ZENDESK_TRANSPORT"))
    yield from _way(choice)
    turn = budget.turns(here.base_url, None)
    yield from _answers(choice, Client(here.base_url, here.sign_in, heard, turnstile=turn), heard)
    yield from _clock(heard)


def _answers(choice: Choice, client: Client, heard: Overhearing) -> Iterator[Finding]:
    try:
        me = client.me()
    except ZendeskError as error:
        yield Finding(Level.PROBLEM, advice(error, choice, heard))
        return
    yield Finding(Level.OK, f"Signed in to {choice.base_url} as {me.label}, role {me.role}.")
    yield from _role(me)
    yield from _limit(heard)
    if me.role == "end-user":
        return
    if choice.method.is_oauth:
        yield from _token(client, choice.keeper)
    yield from _count(client, choice, heard)


def _way(choice: Choice) -> Iterator[Finding]:
    """How we sign in, and where that is set."""
    place = "the database" if choice.source is Source.DATABASE else "the environment"
    if choice.method is Method.API_TOKEN:
        yield _ending(place)
        return
    how = "the consent of an admin" if choice.method is Method.AUTHORIZATION_CODE else "its secret"
    yield Finding(
        Level.OK,
        f"The way to sign in: OAuth client “{choice.client_id}”, by {how}, set in {place}.",
    )


def _ending(place: str) -> Finding:
    days = (API_TOKENS_END - now().date()).days
    left = f"in {days:,} days" if days > 1 else "tomorrow" if days == 1 else "now"
    level, ends = (Level.WARNING, "ends") if days > 0 else (Level.PROBLEM, "ended")
    when = f"{API_TOKENS_END:%d %B %Y}" + (f", {left}" if days > 0 else "")
    return Finding(
        level,
        f"The way to sign in: an API token, set in {place}. It {ends} on {when}, as all API tokens do, and "
        f"since {API_TOKENS_CLOSED:%d %B %Y} no new one can be made. Add an OAuth client in Zendesk "
        f"({CLIENTS_PAGE}) and enter it on the Connection page.",
    )


def _role(me: Me) -> Iterator[Finding]:
    if me.role == "end-user":
        yield Finding(
            Level.PROBLEM,
            f"{me.name} is an end user, who may not see tickets of others. Sign in as an admin or an agent.",
        )
    elif me.role != "admin":
        yield Finding(
            Level.WARNING,
            f"{me.name} is no admin. Jobs can change the tickets that this person may edit. Only an admin can "
            "read the incremental export, which issues and trends need; and other agents' personal macros "
            "are not seen.",
        )


def _token(client: Client, keeper: Keeper) -> Iterator[Finding]:
    """What the access token may do, and when it ends."""
    try:
        scopes = client.token_in_use().scopes
    except ZendeskError:
        row = keeper.look()
        scopes = tuple(row.scopes.split()) if row else ()
    yield from _scopes(scopes)
    row = keeper.look()
    if row and row.expires_at:
        yield Finding(
            Level.OK,
            f"The access token is good until {_time(row.expires_at)}; Giga Tools renews it by itself before that.",
        )


def _scopes(scopes: tuple[str, ...]) -> Iterator[Finding]:
    has = frozenset(scopes)
    lacking = [right for right in ("read", "write") if not has & {right, f"tickets:{right}"}]
    if lacking:
        yield Finding(
            Level.PROBLEM,
            f"The access token may not {' or '.join(lacking)} tickets: its scopes are {_named(scopes)}. Give the "
            f"OAuth client the scopes read and write ({CLIENTS_PAGE}), then connect again.",
        )
    elif not has >= {"read", "write"}:
        yield Finding(
            Level.WARNING,
            f"The access token has the scopes {_named(scopes)} only. Views, macros, searches and job results "
            "may be refused; read and write are enough for everything.",
        )
    else:
        yield Finding(Level.OK, f"The access token's scopes: {_named(scopes)}.")


def _limit(heard: Overhearing) -> Iterator[Finding]:
    limit, left = heard.number("x-rate-limit"), heard.number("x-rate-limit-remaining")
    if limit is None:
        yield Finding(Level.WARNING, "Zendesk did not say how many requests a minute it permits.")
        return
    now_left = "" if left is None else f"; {left:,} of this minute are left"
    yield Finding(Level.OK, f"Zendesk permits {limit:,} requests a minute{now_left}.")


def _count(client: Client, choice: Choice, heard: Overhearing) -> Iterator[Finding]:
    try:
        count = client.ticket_count()
    except ZendeskError as error:
        why = advice(error, choice, heard)
        yield Finding(Level.PROBLEM, f"The tickets could not be counted. {why}")
        return
    yield Finding(Level.OK, f"Tickets can be read: there are {count.value:,}.")


def _clock(heard: Overhearing) -> Iterator[Finding]:
    offset = heard.clock_offset
    if offset is None:
        return
    if abs(offset) <= CLOCK_TOLERANCE_SECONDS:
        seconds = max(1, round(abs(offset)))
        words = f"This machine's clock agrees: it is within {seconds} s of Zendesk's."
        yield Finding(Level.OK, words)
        return
    direction = "ahead of" if offset > 0 else "behind"
    yield Finding(
        Level.WARNING,
        f"This machine's clock is {abs(offset):,.0f} s {direction} Zendesk's. Set it (with NTP): access tokens "
        "are renewed, and changes judged, by it.",
    )


def _surroundings() -> Iterator[Finding]:
    if not presence.look().redis:
        yield Finding(
            Level.PROBLEM,
            "Redis cannot be reached, and without it no job starts. Start it, or mend REDIS_URL.",
        )
    config = current_app.config
    if not config["ENCRYPTION_KEYS"] and config["SECRET_KEY"] == DEVELOPMENT_KEY:
        yield Finding(
            Level.WARNING,
            "Secrets in the database are encrypted with the development key, which everybody can read in the "
            "program. Set ENCRYPTION_KEYS before you connect a real account.",
        )


def _named(scopes: tuple[str, ...]) -> str:
    return ", ".join(scopes) or "none"


def _time(moment: datetime) -> str:
    return f"{moment:%d %b %Y, %H:%M} UTC"
