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
from app.services import connection, presence
from app.services.connection import Choice, NotConnected, Source
from app.services.tokens import Keeper
from app.zendesk.client import Client
from app.zendesk.errors import (
    AnswerLost,
    Forbidden,
    NotSent,
    RateLimited,
    SignInNeeded,
    SignInRefused,
    Unavailable,
    Unreadable,
    WrongAddress,
    ZendeskError,
)
from app.zendesk.overhearing import Overhearing
from app.zendesk.resources import Me
from app.zendesk.sign_in import API_TOKENS_CLOSED, API_TOKENS_END

CLOCK_TOLERANCE_SECONDS = 60
CLIENTS_PAGE = "Admin Center: Apps and integrations, APIs, OAuth clients"


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
    yield from _answers(choice, Client(here.base_url, here.sign_in, heard), heard)
    yield from _clock(heard)


def _answers(choice: Choice, client: Client, heard: Overhearing) -> Iterator[Finding]:
    try:
        me = client.me()
    except ZendeskError as error:
        yield Finding(Level.PROBLEM, _why(error, choice, heard))
        return
    yield Finding(
        Level.OK, f"Signed in to {choice.base_url} as {me.name} <{me.email}>, role {me.role}."
    )
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
        why = _why(error, choice, heard)
        yield Finding(Level.PROBLEM, f"The tickets could not be counted. {why}")
        return
    yield Finding(Level.OK, f"Tickets can be read: there are {count.value:,}.")


def _clock(heard: Overhearing) -> Iterator[Finding]:
    offset = heard.clock_offset
    if offset is None:
        return
    if abs(offset) <= CLOCK_TOLERANCE_SECONDS:
        yield Finding(Level.OK, "This machine's clock agrees with Zendesk's.")
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


def _why(error: ZendeskError, choice: Choice, heard: Overhearing) -> str:
    """What went wrong, and what an admin can do about it."""
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words(error, choice, heard)
    return f"{error}."


def _refused(error: SignInRefused, choice: Choice, heard: Overhearing) -> str:
    if error.status == 200:
        return (
            "Zendesk sees an anonymous caller: no credentials arrived. If a proxy stands between, it must pass "
            "the Authorization header on."
        )
    if choice.method is Method.API_TOKEN:
        return (
            f"Zendesk does not accept the API token of {choice.email} (401). Check the email. The token may have "
            "been deleted, or switched off because it was not used for 30 days. No new one can be made: add an "
            f"OAuth client instead ({CLIENTS_PAGE})."
        )
    if heard.asked_for_token:
        return (
            f"Zendesk does not accept the OAuth client “{choice.client_id}” with its secret ({error.status}). Check "
            f"both in Zendesk ({CLIENTS_PAGE}); the identifier is not the name. A secret that is lost can be "
            "made anew there."
        )
    return (
        "Zendesk refuses an access token that it has just given (401). Tokens may have been revoked, or the "
        "person as whom they act may be suspended or deleted. Look at the person and at the OAuth client in "
        f"Zendesk ({CLIENTS_PAGE})."
    )


def _forbidden(error: Forbidden, _choice: Choice, _heard: Overhearing) -> str:
    if error.missing_scopes:
        return (
            f"The access token lacks the scope {', '.join(error.missing_scopes)} (403). Zendesk accepts misspelled "
            f"scopes and then refuses every call: give the OAuth client read and write ({CLIENTS_PAGE}), and "
            "connect again."
        )
    return (
        "Zendesk does not permit this (403). The person as whom we are signed in lacks the right: make that an "
        "admin, or an agent whose role may see and edit the tickets."
    )


def _not_sent(error: NotSent, choice: Choice, heard: Overhearing) -> str:
    if heard.is_about_tls:
        return (
            f"No secure connection to {choice.base_url} could be made: its certificate is not trusted here. A "
            "proxy that opens TLS may stand between, or this machine's certificates may be too old."
        )
    if heard.error is None:
        return f"{error}. Zendesk may be in trouble: see status.zendesk.com. Jobs wait and go on by themselves."
    return (
        f"{choice.base_url} cannot be reached from this machine. Check the subdomain, the network, DNS and the "
        "firewall: HTTPS (port 443) must be open."
    )


def _wrong_address(error: WrongAddress, choice: Choice, _heard: Overhearing) -> str:
    if error.status < 400:
        return (
            f"{choice.base_url} sends us to another address ({error.status}). The account may have been renamed: "
            "enter the new subdomain."
        )
    return (
        f"There is no Zendesk account at {choice.base_url} ({error.status}). Check the subdomain."
    )


def _limited(error: RateLimited, _choice: Choice, _heard: Overhearing) -> str:
    return (
        f"Zendesk's limit of requests is used up (429). Check again in {error.retry_after:.0f} s. Jobs wait and go "
        "on by themselves; if this lasts, another program uses the limit up."
    )


_WORDS = {
    SignInRefused: _refused,
    SignInNeeded: lambda error, _choice, _heard: str(error),
    Forbidden: _forbidden,
    NotSent: _not_sent,
    WrongAddress: _wrong_address,
    RateLimited: _limited,
    AnswerLost: lambda _error, choice, _heard: (
        f"{choice.base_url} took the call and gave no answer in time. Check the network; if it lasts, see "
        "status.zendesk.com."
    ),
    Unavailable: lambda error, _choice, _heard: (
        f"Zendesk is in trouble ({error.status}): see status.zendesk.com. Jobs wait and go on by themselves."
    ),
    Unreadable: lambda _error, choice, _heard: (
        f"What answers at {choice.base_url} is not Zendesk's API. A proxy or a sign-in page may stand between."
    ),
}


def _named(scopes: tuple[str, ...]) -> str:
    return ", ".join(scopes) or "none"


def _time(moment: datetime) -> str:
    return f"{moment:%d %b %Y, %H:%M} UTC"
