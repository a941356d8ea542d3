"""The second factor: codes of an app (RFC 6238), and recovery codes for when it is lost."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from pyotp import random_base32
from pyotp.totp import TOTP
from sqlalchemy import delete, func, select, update

from app.database import now
from app.extensions import db, rows_changed
from app.models import RecoveryCode, SecretUnreadable, TwoFactor, User
from app.services import audit, sessions, settings
from app.services.permissions import NotPermitted

FOR_ADMINS = "two_factor_for_admins"
ISSUER = "Giga Tools"  # what apps show beside the code
RECOVERY_CODES = 10
# A secret that is shown and not confirmed is thrown away: whoever finds the page open later has no use for it.
SHOWN_FOR = timedelta(minutes=15)
_STEP = 30  # seconds for which a code is good
_DRIFT = 1  # steps that the telephone's clock may be off
# 16 of these are 79 random bits. None looks like another.
_LETTERS, _LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 16


class WrongCode(Exception):
    """The code is none of this person's, or was used before."""


class Unreadable(Exception):
    """What the app's codes are made from was encrypted with a key that we do not have."""

    def __init__(self) -> None:
        super().__init__(
            "Codes of an app cannot be checked at the moment. Use a recovery code, and tell an admin that "
            "ENCRYPTION_KEYS has changed."
        )


class Kind(StrEnum):
    APP = "app"
    RECOVERY = "recovery code"


def is_on(user: User) -> bool:
    here = (TwoFactor.user_id == user.id, TwoFactor.confirmed_at.is_not(None))
    return db.session.scalar(select(TwoFactor.user_id).where(*here)) is not None


def of_people(people: Iterable[User]) -> set[int]:
    """The keys of those among them who have it."""
    keys = [one.id for one in people]
    having = select(TwoFactor.user_id).where(
        TwoFactor.user_id.in_(keys), TwoFactor.confirmed_at.is_not(None)
    )
    return set(db.session.scalars(having))


def is_missing(user: User) -> bool:
    """Must the person set it up before anything else?"""
    return user.is_admin and not is_on(user) and bool(settings.value(FOR_ADMINS))


def check_may_demand(user: User) -> None:
    """Raises NotPermitted where somebody would demand of all admins what they have not done, and be locked out."""
    if not is_on(user):
        raise NotPermitted(
            "You have no two-factor yourself: you could open nothing else until you had set it up. Do that first."
        )


def begin(user: User) -> None:
    """Make the secret for the person's app. Raises NotPermitted if it is on already. The caller commits."""
    if is_on(user):
        raise NotPermitted("Two-factor is on already.")
    rows_changed(delete(TwoFactor).where(TwoFactor.user_id == user.id))
    db.session.add(TwoFactor(user_id=user.id, secret=random_base32()))


def begun(user: User) -> str | None:
    """The secret that the person is to give to their app; None if there is none, or it was shown long ago."""
    fresh = (TwoFactor.confirmed_at.is_(None), TwoFactor.created_at > now() - SHOWN_FOR)
    return db.session.scalar(select(TwoFactor.secret).where(TwoFactor.user_id == user.id, *fresh))


def link(user: User, secret: str) -> str:
    """What the picture says, for the app that reads it."""
    return TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)


def confirm(user: User, code: str, address: str) -> list[str]:
    """Switch it on, with a code as the proof that the app has the secret. Gives the recovery codes.

    Raises WrongCode. The caller commits.
    """
    secret = begun(user)
    step = _step_of(secret, _plain(code)) if secret else None
    if step is None:
        raise WrongCode
    unconfirmed = (TwoFactor.user_id == user.id, TwoFactor.confirmed_at.is_(None))
    confirmed = {"confirmed_at": now(), "last_step": step}
    if not rows_changed(update(TwoFactor).where(*unconfirmed).values(**confirmed)):
        raise WrongCode  # the form was sent twice at once
    audit.record(user, "two_factor.on", user.email, address)
    return _new_codes(user)


def accept(user: User, code: str, address: str) -> Kind:
    """Use the code up. Raises WrongCode or Unreadable. The caller commits."""
    typed = _plain(code)
    if _is_of_app(typed):
        return _accept_of_app(user, typed)
    return _accept_recovery(user, typed, address)


def words_on_wrong(code: str) -> str:
    """What to say of a code that is none."""
    if _is_of_app(_plain(code)):
        return (
            "This code is not right, or was used before. Wait for the next one; if that is refused too, "
            "set the clock of your telephone."
        )
    return "This is none of your codes, or it was used before."


def codes_left(user: User) -> int:
    """How many recovery codes were not used yet."""
    unused = (RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def renew_codes(user: User, address: str) -> list[str]:
    """New recovery codes in place of all others. The caller commits."""
    audit.record(user, "two_factor.new_codes", user.email, address)
    return _new_codes(user)


def switch_off(user: User, address: str) -> None:
    """The caller commits, and has asked for proof that it is the person."""
    _throw_away(user)
    audit.record(user, "two_factor.off", user.email, address)


def reset(user: User, by: User | None, address: str) -> None:
    """Switch it off for somebody who has lost their app and their recovery codes; `by` an admin, or the program.

    Ends the person's sessions, since the telephone may be in other hands. Raises NotPermitted. The caller commits.
    """
    if by is not None and not (by.is_admin and by.enabled):
        raise NotPermitted("Only an admin can switch off another person's two-factor.")
    if by is not None and by.id == user.id:
        raise NotPermitted(
            "Switch off your own two-factor in your account, with your password and a code."
        )
    _throw_away(user)
    ended = sessions.end_all(user)
    audit.record(by, "two_factor.off", user.email, address, reset=True, sessions_ended=ended)


def _throw_away(user: User) -> None:
    rows_changed(delete(TwoFactor).where(TwoFactor.user_id == user.id))
    rows_changed(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _accept_of_app(user: User, code: str) -> Kind:
    on = (TwoFactor.user_id == user.id, TwoFactor.confirmed_at.is_not(None))
    try:
        secret = db.session.scalar(select(TwoFactor.secret).where(*on))
    except SecretUnreadable:
        raise Unreadable from None
    step = _step_of(secret, code) if secret else None
    if step is None:
        raise WrongCode
    # In one statement, so that of two who send the same code at once only one gets in.
    unused = (*on, TwoFactor.last_step < step)
    if not rows_changed(update(TwoFactor).where(*unused).values(last_step=step)):
        raise WrongCode
    return Kind.APP


def _accept_recovery(user: User, code: str, address: str) -> Kind:
    unused = (
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_hash == _hash(code),
        RecoveryCode.used_at.is_(None),
    )
    if not is_on(user) or not rows_changed(
        update(RecoveryCode).where(*unused).values(used_at=now())
    ):
        raise WrongCode
    audit.record(user, "two_factor.recovery_used", user.email, address, left=codes_left(user))
    return Kind.RECOVERY


def _step_of(secret: str, code: str) -> int | None:
    """The time step that the code is of, if that is this one or a neighbour."""
    totp, current = TOTP(secret), int(now().timestamp()) // _STEP
    steps = range(current - _DRIFT, current + _DRIFT + 1)
    fitting = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    return fitting[0] if fitting else None


def _new_codes(user: User) -> list[str]:
    rows_changed(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [
        "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES)
    ]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hash(code)) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, _LENGTH, 4)) for code in codes]


def _plain(code: str) -> str:
    """Without the spaces and dashes that make it readable."""
    return "".join(letter for letter in code.lower() if letter.isascii() and letter.isalnum())


def _is_of_app(plain: str) -> bool:
    return len(plain) == 6 and plain.isdecimal()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
