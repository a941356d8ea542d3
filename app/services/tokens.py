"""Access tokens: kept encrypted in the database, and renewed by one process at a time.

Every step is a short transaction of its own, apart from the caller's session; none is open while
Zendesk is asked. A refresh ends the old pair at once: its lease is committed, then Zendesk is asked,
then the new pair is committed. A process that dies between the last two loses the pair for good,
and the next one asks for a person.
"""

import hmac
import logging
import os
import time
import uuid
from contextlib import suppress
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Delete, Update, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import now, tried_again, writing
from app.extensions import db
from app.logs.trouble import message
from app.models import Method, OAuthToken, SecretUnreadable
from app.services.token_memory import memory_of
from app.zendesk.errors import (
    Answered,
    GrantRefused,
    NotSent,
    RateLimited,
    SignInNeeded,
    SignInRefused,
    TokenUnreadable,
    WrongAddress,
    ZendeskError,
)
from app.zendesk.oauth import Grant, OAuthApp
from app.zendesk.resources import Me
from app.zendesk.sign_in import Ask

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # longer than the call may take: 5 s to connect, 15 s for the answer
PATIENCE_SECONDS = 20.0  # of those who wait for the one that renews
POLL_SECONDS = 0.1
UNREADABLE = 0  # noted in place of the status of a refusal: the answer was no answer
# So long nobody asks again after a refusal: eight workers must not hammer the token address. Where no answer
# came, or a 5xx, the next may try at once: the lease lets one at a time, and jobs wait longer by themselves.
REFUSAL_IS_REMEMBERED = timedelta(seconds=15)
# A refused token is replaced at most once in this time: one that was just given and is refused again
# is a refusal.
REPLACED_ONCE_IN = timedelta(minutes=1)

NOT_CONNECTED = (
    "Giga Tools is not connected to Zendesk: nobody has connected it yet, or an admin has disconnected it. An admin "
    "must press Connect to Zendesk on the Connection page."
)
LOST = (
    "Zendesk no longer accepts the connection that an admin made. An admin must press Connect to "
    "Zendesk on the Connection page; waiting jobs then go on by themselves."
)
UNKEPT = (
    "Zendesk renewed the connection, but the new tokens could not be kept ({}). When that is mended, an admin must "
    "press Connect to Zendesk on the Connection page; waiting jobs then go on by themselves."
)


class Keeper:
    """The tokens of one connection; the client's `Tokens`."""

    def __init__(self, base_url: str, app: OAuthApp, method: Method):
        self.base_url, self.method = base_url, method
        self._app = app
        self._mark = _mark(app)
        self._memory = memory_of((base_url, app.client_id, method, self._mark))

    def current(self, ask: Ask) -> str:
        """A token that is good as far as we know.

        Raises SignInNeeded, SignInRefused, NotSent, RateLimited, WrongAddress or TokenUnreadable.
        """
        memory = self._memory
        return memory.token if memory.is_good else self._looked_up(ask)

    def refused(self, token: str) -> bool:
        row = self._row()
        if row.access_token == token:
            replaced_at = row.replaced_refused_at
            if replaced_at is not None and now() < replaced_at + REPLACED_ONCE_IN:
                return False
        self._memory.refused = token
        return True

    def look(self) -> OAuthToken | None:
        """The token's row as it stands, detached. Raises SignInNeeded if it cannot be decrypted."""
        return self._found(readable=True)

    def keep(self, grant: Grant, me: Me | None = None) -> None:
        """Begin anew with what a person, `me`, has just allowed, whatever was there."""
        row = self._row(readable=False)
        anew = {"secret_mark": self._mark, "replaced_refused_at": None}
        anew |= {"person": me.label[:500] if me else "", "person_role": me.role[:32] if me else ""}
        self._write(row, _given(grant, now()) | anew)
        self._memory.token = ""

    def forget_failure(self) -> None:
        """Let the next call try at once: a person who presses a button wants today's answer."""
        anew = {"failed_until": None, "replaced_refused_at": None}
        _execute(update(OAuthToken).where(*self._mine()).values(**anew))

    def forget(self) -> None:
        """Throw the tokens away."""
        _execute(delete(OAuthToken).where(*self._mine()))
        self._memory.token = ""

    def _looked_up(self, ask: Ask) -> str:
        """From the row, or renewed under the lease, or waited for while another process renews it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            row = self._row()
            if self._serves(row, row.is_fresh(now())):
                return self._remember(row)
            spare = row.access_token if self._serves(row, row.is_alive(now())) else None
            hindrance = self._hindrance(row)
            if hindrance is None and (owner := self._take(row)):
                return self._renew(row, owner, ask, spare)
            if spare:
                return spare  # it is being renewed, or cannot be now; until it ends it is good
            if hindrance:
                raise hindrance
            if time.monotonic() > end:
                raise NotSent("Another process is still signing in to Zendesk")
            time.sleep(POLL_SECONDS)

    def _serves(self, row: OAuthToken, good: bool) -> bool:
        """May a token that is good by the clock be used? Not if it was minted with another secret, or was refused."""
        suits = self.method is Method.AUTHORIZATION_CODE or row.secret_mark == self._mark
        return good and suits and row.access_token != self._memory.refused

    def _hindrance(self, row: OAuthToken) -> ZendeskError | None:
        """Why nobody may ask for a new token now."""
        if row.needs_reconnect:
            return SignInNeeded(row.reconnect_reason or LOST)
        if self.method is Method.AUTHORIZATION_CODE and row.refresh_token is None:
            return SignInNeeded(NOT_CONNECTED if row.access_token is None else LOST)
        if row.failed_until and now() < row.failed_until and row.secret_mark == self._mark:
            return _remembered(row, row.failed_until)
        return None

    def _renew(self, row: OAuthToken, owner: str, ask: Ask, spare: str | None) -> str:
        began = now()
        try:
            grant = ask(self._form(row))
        except ZendeskError as error:
            failure = self._failed(row, owner, error)
            if spare:
                log.warning("the access token could not be renewed yet: %s", message(failure))
                return spare
            raise failure from None
        except BaseException:
            self._release(row, owner)
            raise
        values = _given(grant, began) | {"secret_mark": self._mark}
        values["refresh_token"] = grant.refresh_token or row.refresh_token
        if row.access_token and row.access_token == self._memory.refused:
            values["replaced_refused_at"] = now()
        try:
            self._write(row, values)
        except Exception as error:  # noqa: BLE001 - whatever it was, the lease must be free
            raise self._unkept(row, owner, error) from None
        return self._remember(self._row())

    def _unkept(self, row: OAuthToken, owner: str, error: Exception) -> ZendeskError:
        """Give the lease back. A pair that cannot be kept is lost: the one before died when this was given."""
        log.error("a new access token could not be kept: %s", type(error).__name__)
        if self.method is not Method.AUTHORIZATION_CODE:
            self._release(row, owner)
            return NotSent(f"A new access token could not be kept ({type(error).__name__})")
        words = UNKEPT.format(type(error).__name__)
        self._release(row, owner, reconnect_reason=words, reconnect_since=now())
        return SignInNeeded(words)

    def _form(self, row: OAuthToken) -> dict[str, str]:
        if self.method is Method.CLIENT_CREDENTIALS:
            return self._app.mint()
        return self._app.refresh(row.refresh_token or "")

    def _failed(self, row: OAuthToken, owner: str, error: ZendeskError) -> ZendeskError:
        """Note why it failed, and give the lease back. Gives what to tell the caller."""
        lost = self.method is Method.AUTHORIZATION_CODE and isinstance(error, GrantRefused)
        if lost:
            log.warning("the refresh token is refused: an admin must connect again")
            self._release(row, owner, reconnect_reason=LOST, reconnect_since=now())
            return SignInNeeded(LOST)
        values: dict[str, object] = {"secret_mark": self._mark}
        if isinstance(error, TokenUnreadable):
            values["failed_until"] = now() + REFUSAL_IS_REMEMBERED
            values |= {"failure": str(error), "failure_status": UNREADABLE}
        if isinstance(error, Answered):
            values["failed_until"] = now() + _remembered_for(error)
            values |= {"failure": error.words, "failure_status": error.status}
        if not self._serves(row, good=True):
            values["access_token"] = None  # or it would pass for one that this secret has brought
        self._release(row, owner, **values)
        return error

    def _remember(self, row: OAuthToken) -> str:
        if row.access_token is None:
            raise SignInNeeded(NOT_CONNECTED)  # an admin has just disconnected
        self._memory.token, self._memory.good_until = row.access_token, row.renew_at
        self._memory.looked_at = now()
        return row.access_token

    def _row(self, *, readable: bool = True) -> OAuthToken:
        found = self._found(readable)
        if found is None:
            self._make()
            found = self._found(readable)
        if found is None:
            raise NotSent("The sign-in to Zendesk was being changed at this moment")
        return found

    @tried_again()
    def _found(self, readable: bool) -> OAuthToken | None:
        wanted = select(OAuthToken if readable else OAuthToken.id).where(*self._mine())
        try:
            with Session(db.engine) as session:
                found = session.scalar(wanted)
                if isinstance(found, OAuthToken):
                    session.expunge(found)
                    return found
        except SecretUnreadable as error:
            raise SignInNeeded(str(error)) from None
        # Only its number was wanted: what cannot be decrypted can still be replaced.
        return None if found is None else OAuthToken(id=found)

    @tried_again()
    def _make(self) -> None:
        mine = {"base_url": self.base_url, "client_id": self._app.client_id}
        with suppress(IntegrityError), writing(), db.engine.begin() as connection:
            values = mine | {"method": self.method, "secret_mark": self._mark}
            connection.execute(
                insert(OAuthToken).values(scopes="", version=0, person="", person_role="", **values)
            )

    def _take(self, row: OAuthToken) -> str | None:
        """Take the right to renew this version of the token. None if another has it, or has renewed it."""
        owner = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        free = or_(OAuthToken.lease_expires_at.is_(None), OAuthToken.lease_expires_at <= now())
        hopeful = or_(
            OAuthToken.failed_until.is_(None),
            OAuthToken.failed_until <= now(),
            OAuthToken.secret_mark != self._mark,
        )
        taken = _execute(
            update(OAuthToken)
            .where(OAuthToken.id == row.id, OAuthToken.version == row.version, free, hopeful)
            .values(lease_owner=owner, lease_expires_at=now() + LEASE)
        )
        return owner if taken else None

    def _release(self, row: OAuthToken, owner: str, **values: object) -> None:
        mine = (OAuthToken.id == row.id, OAuthToken.lease_owner == owner)
        free = {"lease_owner": None, "lease_expires_at": None}
        _execute(update(OAuthToken).where(*mine).values(**free, **values))

    def _write(self, row: OAuthToken, values: dict[str, object]) -> None:
        """Keep a new token in place of the version that was seen.

        Even by one whose lease ran out meanwhile: what Zendesk gave is the truth, unless a newer is there.
        """
        here = [OAuthToken.id == row.id]
        if row.version is not None:
            here.append(OAuthToken.version == row.version)
        values = _CLEAN | values | {"version": OAuthToken.version + 1}
        _execute(update(OAuthToken).where(*here).values(**values))

    def _mine(self) -> tuple:
        return (
            OAuthToken.base_url == self.base_url,
            OAuthToken.client_id == self._app.client_id,
            OAuthToken.method == self.method,
        )


# What a new token puts an end to.
_CLEAN: dict[str, object] = {
    "lease_owner": None,
    "lease_expires_at": None,
    "failed_until": None,
    "failure": None,
    "failure_status": None,
    "reconnect_reason": None,
    "reconnect_since": None,
}


def _given(grant: Grant, at: datetime) -> dict[str, object]:
    """A grant as the row keeps it. Times count from before the call, so that none is too late."""
    return {
        "access_token": grant.access_token,
        "refresh_token": grant.refresh_token,
        "scopes": grant.scopes,
        "issued_at": at,
        "expires_at": _after(at, grant.expires_in),
        "refresh_expires_at": _after(at, grant.refresh_expires_in),
    }


def _after(at: datetime, seconds: float | None) -> datetime | None:
    return None if seconds is None else at + timedelta(seconds=seconds)


def _remembered_for(error: Answered) -> timedelta:
    if isinstance(error, RateLimited):
        return timedelta(seconds=error.retry_after)
    return REFUSAL_IS_REMEMBERED


def _remembered(row: OAuthToken, until: datetime) -> ZendeskError:
    """The refusal of a moment ago, which another process may have met."""
    if row.failure_status == UNREADABLE:
        return TokenUnreadable(row.failure or "")
    words, status = row.failure or "", row.failure_status or 401
    if status == 429:
        return RateLimited(429, words, retry_after=(until - now()).total_seconds())
    kind = WrongAddress if status == 404 or status < 400 else SignInRefused
    return kind(status, words)


@tried_again()
def _execute(statement: Update | Delete) -> bool:
    """Run it as a transaction of its own. True if it met a row."""
    with writing(), db.engine.begin() as connection:
        return connection.execute(statement).rowcount > 0


def _mark(app: OAuthApp) -> str:
    """Tells secrets apart without giving them away."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"{app.client_id}\0{app.client_secret}".encode(), "sha256").hexdigest()
