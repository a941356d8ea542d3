"""Sending events by mail to the people who want them."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, false, select

from app.database import now, unindexed, writing
from app.extensions import db
from app.models import NEWS, Delivery, EventName, Job, JobEvent, NoticeChoice, Role, User, Wish
from app.services import approving, mail
from app.services.mail import MailFailed
from app.services.notices import letters, tries
from app.services.notices.letters import Letter

# A job that took less has had its answer while its owner looked at the page.
LOOKED_AT_SECONDS = 20
LONG_SECONDS = 60
KNOWN_FOR = timedelta(hours=1)

NOT_FOR_THEM = "Not sent: the account is deactivated, or may not see this job any more."


def recipients(event: JobEvent) -> Iterable[int]:
    """The ids of the people who want to hear of it by mail."""
    if not mail.is_set() or not (event.job_id or event.name in NEWS):
        return []
    if event.name in NEWS:
        return db.session.scalars(_people().where(_is_admin_who_wants(event))).all()
    if event.name == EventName.APPROVAL:
        return _admins_who_may_approve(event)
    wants = [_is_owner_who_wants(event)]
    if is_trouble(event) and not _is_known_trouble(event):
        wants.append(_is_admin_who_wants(event))
    found = [db.session.scalars(_people().where(want)).all() for want in wants]
    return {one for group in found for one in group}


def _admins_who_may_approve(event: JobEvent) -> Iterable[int]:
    """Whoever has not chosen hears of it: the plan waits for one of them."""
    job = db.session.scalar(select(Job).where(Job.job_id == event.job_id))
    if job is None:
        return []
    wanted = (
        approving.those_who_may_answer(job)
        .outerjoin(NoticeChoice, NoticeChoice.user_id == User.id)
        .where(NoticeChoice.approvals.is_not(false()))
    )
    return db.session.scalars(wanted).all()


def is_trouble(event: JobEvent) -> bool:
    """Did it not go as it should, so that somebody should look at it?"""
    counts, facts = event.facts["counts"], event.facts
    match event.name:
        case EventName.FAILED | EventName.PAUSED | EventName.SIGN_IN:
            return True
        case EventName.COMPLETED:
            return counts["failed"] + counts["unknown"] > 0
        case EventName.CANCELLED:
            return facts.get("by") == "admin"
    return False


def _is_known_trouble(event: JobEvent) -> bool:
    """Credentials that are refused stop every job there is: an admin need not hear of each."""
    if event.name != EventName.SIGN_IN:
        return False
    before = exists().where(
        JobEvent.name == EventName.SIGN_IN,
        JobEvent.id < event.id,
        JobEvent.at > event.at - KNOWN_FOR,
    )
    return bool(db.session.scalar(select(before)))


def are_due() -> bool:
    due = exists().where(_is_mail(), Delivery.next_try_at <= now())
    return bool(db.session.scalar(select(due)))


def send_due() -> None:
    """Send the mails that are due, until the run is over or one cannot be sent. Commits."""
    for delivery_id in tries.taken(_is_mail()):
        if not attempt(delivery_id):
            with writing():
                tries.let_rest(_is_mail())
                db.session.commit()
            return


def attempt(delivery_id: int) -> bool:
    """Send one, once it is taken, and note what came of it. False if it could not be sent. Commits."""
    letter = _letter(delivery_id)
    db.session.commit()  # no transaction stays open while the mail server is waited for
    words = NOT_FOR_THEM
    if letter is not None:
        try:
            mail.send(letter.to, letter.subject, letter.text)
            words = ""
        except MailFailed as error:
            words = str(error)
    with writing():
        if words:
            tries.failed(delivery_id, None, words, for_good=letter is None)
        else:
            tries.succeeded(delivery_id)
        db.session.commit()
    return letter is None or not words


def _letter(delivery_id: int) -> Letter | None:
    """The mail; None if the person may not have it any more."""
    delivery = db.session.get_one(Delivery, delivery_id)
    event, user = delivery.event, db.session.get_one(User, delivery.user_id)
    if not user.enabled or not (user.is_admin or user.id == event.owner_id):
        return None
    owner = db.session.get(User, event.owner_id) if event.owner_id else None
    return letters.write(event, user, owner)


def _is_mail() -> ColumnElement[bool]:
    return unindexed(Delivery.user_id).is_not(None)


def _people():
    return (
        select(User.id).outerjoin(NoticeChoice, NoticeChoice.user_id == User.id).where(User.enabled)
    )


def _is_owner_who_wants(event: JobEvent) -> ColumnElement[bool]:
    """Nobody is written to of a job that was over before they could look away."""
    worked = event.facts["worked_seconds"]
    wishes: list[Wish | None] = []
    if is_trouble(event) and (worked >= LOOKED_AT_SECONDS or event.name == EventName.SIGN_IN):
        wishes = [Wish.TROUBLE, Wish.ALL]
    elif worked >= LONG_SECONDS and event.facts.get("by") != "owner":
        wishes = [Wish.ALL]
    chosen = NoticeChoice.own.in_(wishes)
    if Wish.TROUBLE in wishes:
        chosen = chosen | NoticeChoice.user_id.is_(None)  # what holds for those who have not chosen
    return and_(User.id == event.owner_id, chosen)


def _is_admin_who_wants(event: JobEvent) -> ColumnElement[bool]:
    is_of_another = User.id.is_distinct_from(event.owner_id)
    return and_(User.role == Role.ADMIN, NoticeChoice.others, is_of_another)
