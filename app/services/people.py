"""People as admins handle them: who there is, who may what, and who may come in at all.

`by` is the admin who does it, or None for the command line. Whether they still are one is looked at in the transaction
that changes something: two admins who switch each other off at the same moment must leave one.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, or_, select

from app.database import now, unindexed
from app.extensions import db
from app.models import ACTIVE, AccountLink, Job, JobStatus, Purpose, Role, User
from app.services import account_links, accounts, api_tokens, audit, jobs, sessions
from app.services.paging import Listed, paged
from app.services.permissions import NotPermitted

PEOPLE_A_PAGE = 50


def page(text: str = "", before: str | None = None, after: str | None = None) -> Listed[User]:
    """People by their email, those who have the text in it."""
    people = select(User)
    if text:
        people = people.where(User.email.contains(text.lower(), autoescape=True))
    return paged(people, User.email, PEOPLE_A_PAGE, newest_first=False, before=before, after=after)


def number() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def jobs_at_work(people: Iterable[User]) -> dict[int, int]:
    """How many jobs of each of them a worker has something to do for, by the user's id."""
    # Few jobs are at work at a time, and so all of them are found by that.
    mine = unindexed(Job.user_id).in_([one.id for one in people])
    rows = select(Job.user_id, func.count()).where(mine, Job.status.in_(ACTIVE))
    return {row[0]: row[1] for row in db.session.execute(rows.group_by(Job.user_id))}


def open_links(people: Iterable[User]) -> dict[int, datetime]:
    """Until when a link of theirs works, by the user's id."""
    theirs = AccountLink.user_id.in_([one.id for one in people])
    links = db.session.scalars(select(AccountLink).where(theirs, AccountLink.expires_at > now()))
    return {link.user_id: link.expires_at for link in links if link.user_id is not None}


def invite(email: str, role: Role, by: User | None, address: str = "") -> tuple[User, str]:
    """A new account without a password, and the token of its link. The caller commits.

    Raises AccountRefused and NotPermitted.
    """
    _check_still_admin(by)
    user = accounts.create_without_password(email, role)
    token = account_links.make(user, Purpose.INVITE, by)
    audit.record(by, "user.invite", user.email, address, after=role)
    return user, token


def make_link(person: User, by: User | None, address: str = "") -> tuple[Purpose, str]:
    """A new link for a person to choose a password with, and its token. The caller commits. Raises NotPermitted."""
    _check_still_admin(by, person)
    if not person.enabled:
        raise NotPermitted(f"The account of {person.email} is switched off. Switch it on first.")
    purpose = Purpose.INVITE if person.is_invited else Purpose.RESET
    token = account_links.make(person, purpose, by)
    audit.record(by, "user.link", person.email, address, purpose=purpose)
    return purpose, token


def set_role(person: User, role: Role, by: User | None, address: str = "") -> bool:
    """False if they have the role already. It holds from their next request on. The caller commits.

    Raises NotPermitted.
    """
    _check_still_admin(by, person)
    if person.role == role:
        return False
    if role is not Role.ADMIN:
        _check_may_lose(person, by, "take away your own admin role")
        account_links.end_power_of(person)
    audit.record(by, "user.role", person.email, address, before=person.role, after=role)
    person.role = role
    return True


def deactivate(
    person: User, by: User | None, address: str = "", *, cancel_jobs: bool = False
) -> int:
    """Let the person in no more, and sign them out everywhere. How many of their jobs were cancelled.

    Their jobs go on unless they are cancelled, and all they did stays on record. The caller commits.
    Raises NotPermitted.
    """
    _check_still_admin(by, person)
    if person.enabled:
        _check_may_lose(person, by, "switch off your own account")
        audit.record(by, "user.deactivate", person.email, address, before=True, after=False)
    person.enabled = False
    sessions.end_all(person)
    account_links.end_power_of(person)
    api_tokens.revoke_all(person, by, address)
    return _cancel_jobs_of(person, by, address) if cancel_jobs else 0


def activate(person: User, by: User | None, address: str = "") -> bool:
    """Let the person in again, with the password that they had. False if they are let in. The caller commits."""
    _check_still_admin(by, person)
    if person.enabled:
        return False
    person.enabled = True
    audit.record(by, "user.activate", person.email, address, before=False, after=True)
    return True


def end_sessions(person: User, by: User | None, address: str = "") -> None:
    """Sign the person out everywhere. The caller commits."""
    _check_still_admin(by, person)
    sessions.end_all(person)
    audit.record(by, "user.sessions.end", person.email, address)


def set_password(person: User, password: str, by: User | None, address: str = "") -> None:
    """Raises AccountRefused and NotPermitted. The caller commits."""
    hashed = accounts.new_hash(password, person.email)
    _check_still_admin(by, person)
    person.password_hash = hashed
    sessions.end_all(person)
    account_links.end_all(person)
    audit.record(by, "user.password.set", person.email, address)


def _check_still_admin(by: User | None, person: User | None = None) -> None:
    """Read both anew, and hold all admins until the transaction ends."""
    keys = [one.id for one in (by, person) if one is not None]
    held = select(User).where(or_(User.role == Role.ADMIN, User.id.in_(keys))).order_by(User.id)
    held = held.with_for_update(key_share=True).execution_options(populate_existing=True)
    db.session.scalars(held).all()
    if by is not None and not (by.enabled and by.is_admin):
        raise NotPermitted("You are not an admin any more. Nothing was changed.")


def _check_may_lose(person: User, by: User | None, deed: str) -> None:
    if by is not None and by.id == person.id:
        raise NotPermitted(f"You cannot {deed}: another admin can.")
    others = select(User.id).where(User.role == Role.ADMIN, User.enabled, User.password_hash != "")
    if person.is_admin and db.session.scalar(others.where(User.id != person.id).limit(1)) is None:
        raise NotPermitted(f"{person.email} is the last admin. Make another person an admin first.")


def _cancel_jobs_of(person: User, by: User | None, address: str) -> int:
    stoppable = ACTIVE - {JobStatus.CANCELLING}
    theirs = select(Job).where(Job.user_id == person.id, Job.status.in_(stoppable))
    return sum(jobs.cancel(job, by, address) for job in db.session.scalars(theirs).all())
