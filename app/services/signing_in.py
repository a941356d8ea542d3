"""Signing in: a password, and where two-factor is on a code; each with few tries."""

from dataclasses import dataclass

from app.extensions import db
from app.models import User
from app.services import accounts, audit, throttle, two_factor
from app.services.throttle import Count, Throttled
from app.services.two_factor import Kind, WrongCode


class Refused(Exception):
    """Why is noted in the audit log, and said to nobody."""


@dataclass(frozen=True)
class Client:
    """Who tries. `known_as` is the mark of a browser in which the same account was signed in to before, else empty."""

    address: str
    known_as: str = ""


def with_password(email: str, password: str, client: Client) -> User:
    """The person, who may still have to type a code. Raises Throttled or Refused. Commits."""
    counts, failures = _counts(email, client), _failures(client)
    _let_others_write()
    _check_address(client, failures)
    try:
        throttle.take(counts)
    except Throttled:
        _note_throttled(email, client)
        raise
    tried = accounts.authenticate(email, password)
    if tried.refusal or tried.user is None:
        _note_refused(tried.user, client, tried.refusal)
        throttle.count(failures)
        raise Refused
    _let_others_write()
    throttle.forget(counts)
    return tried.user


def with_code(user: User, code: str, attempt: str, client: Client) -> Kind:
    """Raises Throttled, Refused or Unreadable. `attempt` names the right password that came before. Commits."""
    counts, email = [Count(throttle.CODE_OF_SIGN_IN, (attempt,)), _codes(user, client)], user.email
    _let_others_write()
    try:
        throttle.take(counts)
    except Throttled:
        _note_throttled(email, client)
        raise
    try:
        kind = two_factor.accept(user, code, client.address)
    except WrongCode:
        _note_refused(user, client, "wrong code")
        raise Refused from None
    _let_others_write()
    throttle.forget(counts)
    return kind


def prove_password(user: User, password: str) -> bool:
    """Is it the password of the person who is signed in? Raises Throttled. Commits."""
    counts = [Count(throttle.PROOF, (str(user.id),))]
    _let_others_write()
    throttle.take(counts)
    if not accounts.is_password(user, password):
        return False
    throttle.forget(counts)
    return True


def prove_code(user: User, code: str, address: str) -> bool:
    """The same for a code, which is used up. Raises Throttled or Unreadable. Commits."""
    counts = [Count(throttle.CODE_OF_ACCOUNT, (str(user.id), "signed in"))]
    _let_others_write()
    throttle.take(counts)
    try:
        two_factor.accept(user, code, address)
    except WrongCode:
        return False
    _let_others_write()
    throttle.forget(counts)
    return True


def _let_others_write() -> None:
    """Redis may take seconds, and nobody should wait for our lock meanwhile."""
    db.session.commit()


def _counts(email: str, client: Client) -> list[Count]:
    account = email.strip().lower()
    if client.known_as:
        return [Count(throttle.KNOWN_BROWSER, (account, client.known_as))]
    here = (account, throttle.place(client.address))
    return [Count(throttle.ACCOUNT_AT_ADDRESS, here), Count(throttle.ACCOUNT, (account,))]


def _failures(client: Client) -> list[Count]:
    """A success does not make these begin anew, since an attacker may have an account too.

    A known browser is let past: its office may be full of people who mistype.
    """
    at = throttle.place(client.address)
    return [] if client.known_as else [Count(throttle.ADDRESS, (at,))]


def _codes(user: User, client: Client) -> Count:
    """Whoever knows the password could else keep the person out by typing wrong codes."""
    if client.known_as:
        return Count(throttle.CODE_OF_KNOWN_BROWSER, (str(user.id), client.known_as))
    return Count(throttle.CODE_OF_ACCOUNT, (str(user.id),))


def _note_refused(user: User | None, client: Client, reason: str) -> None:
    """What was typed where an email belongs may be a password: only emails of accounts are noted."""
    target = user.email if user else ""
    audit.record(None, "sign_in.refused", target, client.address, reason=reason)
    db.session.commit()


def _check_address(client: Client, failures: list[Count]) -> None:
    """Noted without a look at the account: an answer that takes longer for some would tell which there are."""
    try:
        throttle.check(failures)
    except Throttled:
        if throttle.is_first("address", throttle.place(client.address)):
            audit.record(None, "sign_in.throttled", "", client.address)
            db.session.commit()
        raise


def _note_throttled(email: str, client: Client) -> None:
    """Once in a window, and as much work whether there is the account or not."""
    if throttle.is_first("account", email.strip().lower(), throttle.place(client.address)):
        user = accounts.by_email(email)
        audit.record(None, "sign_in.throttled", user.email if user else "", client.address)
        db.session.commit()
