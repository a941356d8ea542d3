"""Connecting by consent: the walk to Zendesk and back, its end, and what waiting jobs learn of it."""

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta

from flask import current_app
from requests import Session
from sqlalchemy import delete, func, select, update

from app.database import now
from app.extensions import db, rows_changed
from app.models import ACTIVE, OVER, ConnectAttempt, Job, Method, User, ZendeskSettings
from app.services import audit, badge, budget, connection
from app.services.connection import Choice
from app.services.tokens import Keeper
from app.services.waits import WaitReason
from app.zendesk.client import Client
from app.zendesk.errors import GrantRefused, SignInNeeded, SignInRefused, ZendeskError
from app.zendesk.oauth import Grant, ask_for_token, end_token, open_session
from app.zendesk.resources import Me
from app.zendesk.sign_in import GivenToken

# An admin may have to sign in to Zendesk first.
ATTEMPT_LASTS = timedelta(minutes=15)
WORKS_IN_ZENDESK = {"admin", "agent"}


class Refused(Exception):
    """The change cannot be made; its text says why, and `field` to what it belongs (“” for the whole)."""

    def __init__(self, words: str, field: str = ""):
        super().__init__(words)
        self.field = field


def begin(user: User, redirect_uri: str, address: str) -> tuple[str, str]:
    """Send an admin to Zendesk: the address to go to, and the state that must come back. Commits.

    Raises NotConnected, or Refused where there is no OAuth client to connect with.
    """
    choice = _with_code(connection.chosen())
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    db.session.execute(
        delete(ConnectAttempt).where(ConnectAttempt.created_at < now() - ATTEMPT_LASTS)
    )
    attempt = ConnectAttempt(
        state_hash=_hash(state),
        user_id=user.id,
        base_url=choice.base_url,
        client_id=choice.client_id,
        redirect_uri=redirect_uri,
        verifier=verifier,
    )
    db.session.add(attempt)
    audit.record(user, "connection.connect.begin", choice.subdomain, address)
    db.session.commit()
    return choice.oauth_app.page(choice.base_url, redirect_uri, state, verifier), state


def take_attempt(user: User, state: str) -> ConnectAttempt:
    """The attempt that this state belongs to, which is then used up. Raises Refused. Commits."""
    here = select(ConnectAttempt).where(ConnectAttempt.state_hash == _hash(state))
    attempt = db.session.scalar(here)
    # One conditional DELETE decides who of two that come back with it is the first.
    mine = delete(ConnectAttempt).where(ConnectAttempt.state_hash == _hash(state))
    first = attempt is not None and rows_changed(mine) == 1
    if attempt is not None:
        db.session.expunge(attempt)
    db.session.commit()
    if attempt is None or not first or attempt.user_id != user.id:
        raise Refused(
            "This answer from Zendesk does not belong to a connection that you have just begun, or it was used "
            "already. Nothing was changed. Press Connect to Zendesk again."
        )
    if attempt.created_at < now() - ATTEMPT_LASTS:
        raise Refused(
            "You were away for more than 15 minutes. Nothing was changed. Press Connect to Zendesk again."
        )
    return attempt


def finish(user: User, attempt: ConnectAttempt, code: str, address: str) -> tuple[Me, int]:
    """Exchange the code and keep what it brings, if that is an agent's or an admin's.

    Gives as whom we are connected, and how many waiting jobs go on.

    Raises Refused, NotConnected or a ZendeskError. Commits.
    """
    choice = _with_code(connection.chosen())
    if (choice.base_url, choice.client_id) != (attempt.base_url, attempt.client_id):
        raise Refused(
            "The connection's settings were changed meanwhile. Press Connect to Zendesk again."
        )
    db.session.commit()
    session = _session()
    form = choice.oauth_app.exchange(code, attempt.verifier, attempt.redirect_uri)
    try:
        grant = ask_for_token(session, choice.base_url, form)
    except GrantRefused:
        raise Refused(
            "Zendesk did not accept the code that it has just given: it may have taken too long. Nothing was "
            "changed. Press Connect to Zendesk again."
        ) from None
    me = _whose(session, choice, grant)
    keeper, before = choice.keeper, _access_token(choice.keeper)
    keeper.keep(grant, me)
    if before:
        end_token(session, choice.base_url, before)
    _use_code(choice)
    audit.record(
        user,
        "connection.connect",
        choice.subdomain,
        address,
        scopes=grant.scopes,
        zendesk_user_id=me.id,
        role=me.role,
    )
    db.session.commit()
    return me, wake_waiting_jobs()


def disconnect(user: User, address: str) -> bool:
    """End the tokens that an admin's consent brought, here and at Zendesk. False if Zendesk could not be told."""
    choice = connection.chosen()
    db.session.commit()
    ended = end_tokens(choice.keeper)
    audit.record(user, "connection.disconnect", choice.subdomain, address, ended_at_zendesk=ended)
    db.session.commit()
    return ended


def end_tokens(keeper: Keeper) -> bool:
    """End them here and at Zendesk. False if Zendesk could not be told. Commits."""
    db.session.commit()
    token = _access_token(keeper)
    ended = token is not None and end_token(_session(), keeper.base_url, token)
    keeper.forget()
    return ended


def unfinished_jobs() -> int:
    """Jobs that are not over: planned and paused ones too, since their plan names tickets of this account."""
    return db.session.scalar(select(func.count(Job.id)).where(Job.status.not_in(OVER))) or 0


def wake_waiting_jobs() -> int:
    """Let jobs that wait for the sign-in try again at once. How many there were. Commits."""
    waiting = update(Job).where(
        Job.wait_reason == WaitReason.SIGN_IN, Job.status.in_(ACTIVE), ~Job.is_held
    )
    woken = rows_changed(waiting.values(wake_at=now(), wait_until=None, setbacks=0))
    db.session.commit()
    return woken


def _with_code(choice: Choice) -> Choice:
    """The same account and client, signed in by a person's consent."""
    choice = replace(choice, method=Method.AUTHORIZATION_CODE)
    if not choice.is_complete:
        raise Refused("Enter and save the OAuth client's identifier and secret first.", "client_id")
    return choice


def _use_code(choice: Choice) -> None:
    """From now on this is the way. Where all came from the environment, only that is written down."""
    stored = connection.stored_settings()
    if stored is None:
        stored = ZendeskSettings(subdomain=choice.subdomain)
        db.session.add(stored)
    stored.method = Method.AUTHORIZATION_CODE
    badge.changed()


def _whose(session: Session, choice: Choice, grant: Grant) -> Me:
    """The person who has just allowed it. Raises Refused, and ends the token, where we cannot work as that one."""
    try:
        me = _client_of(choice, grant).me()
        if me.role in WORKS_IN_ZENDESK:
            return me
        words = f"{me.name or 'The person who allowed it'} is no agent or admin (role {me.role or 'unknown'})"
    except SignInRefused:
        words = "Zendesk takes whoever has the new token for an anonymous caller"
    except ZendeskError as error:
        words = f"Zendesk did not say who has allowed it ({error})"
    end_token(session, choice.base_url, grant.access_token)
    raise Refused(
        f"{words}, so the new consent was given up. Whatever was connected before is still in use. Sign in to Zendesk "
        "as an admin, then press Connect to Zendesk again."
    )


def _client_of(choice: Choice, grant: Grant) -> Client:
    return Client(
        choice.base_url,
        GivenToken(grant.access_token),
        current_app.config.get("ZENDESK_TRANSPORT"),
        turnstile=budget.turns(choice.base_url, None),
    )


def _access_token(keeper: Keeper) -> str | None:
    try:
        row = keeper.look()
    except SignInNeeded:
        return None  # it cannot be decrypted
    return row.access_token if row else None


def _session() -> Session:
    return open_session(current_app.config.get("ZENDESK_TRANSPORT"))


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
