"""Mail about jobs: who gets which, and what it says."""

from datetime import timedelta

import pytest
import time_machine

from app.database import now
from app.extensions import db
from app.models import Delivery, DeliveryState, EventName, NoticeChoice, Role, User, Wish
from app.services import accounts, jobs
from app.services.notices import mails, outbox
from tests.fixtures.notices import PUBLIC_URL, deliveries, events, send_all, user_id
from tests.fixtures.running_jobs import permit

OWNER, BOSS = "agent@giga.test", "admin@giga.test"


def wish(email, own=Wish.ALL, **values):
    db.session.merge(NoticeChoice(user_id=user_id(email), own=own, **values))
    db.session.commit()


@pytest.fixture
def owner(make_user, in_app):
    """The owner's id. They want to hear of everything."""
    make_user(OWNER)
    wish(OWNER)
    return user_id(OWNER)


def test_the_owner_is_told_by_mail_what_became_of_the_job(in_app, owner, put_event, mailbox):
    in_app.config["PUBLIC_URL"] = PUBLIC_URL
    event = put_event(EventName.COMPLETED, owner, counts={"changed": 1200, "unchanged": 40})

    send_all()

    (mail,) = mailbox.mails
    assert mail["To"] == OWNER
    assert mail["Subject"] == "Giga Tools: “Add vip to Unsolved tickets” is done"
    assert "1,240 tickets: 1,200 changed, 40 as wanted already." in mail.get_content()
    assert f"{PUBLIC_URL}/jobs/{event.job_id}" in mail.get_content()
    assert [one.state for one in deliveries()] == [DeliveryState.SENT]


def test_a_mail_without_an_address_of_ours_names_the_job(owner, put_event, mailbox):
    event = put_event(EventName.COMPLETED, owner)

    send_all()

    assert f"job {event.job_id}, in the list of jobs" in mailbox.words()
    assert "http" not in mailbox.words()


BAD = {"counts": {"changed": 9, "failed": 1}}
WORDS = [
    (EventName.COMPLETED, BAD, "is done, but not for 1 ticket."),
    (EventName.FAILED, {"error": "This view does not exist any more."}, "does not exist any more."),
    (EventName.CANCELLED, {"by": "admin"}, "An admin did it."),
    (EventName.CANCELLED, {"by": "program"}, "Nobody started its plan"),
    (EventName.PAUSED, {"pause_reason": "canary"}, "Its first tickets are done"),
    (
        EventName.PAUSED,
        {"pause_reason": "breaker", "pause_detail": "Of the last 200 tickets 50 failed."},
        "Of the last 200 tickets 50 failed.",
    ),
    (EventName.PLANNED, {"dry_run": True, "counts": {"planned": 7}}, "7 tickets: 7 to be changed."),
    (EventName.SIGN_IN, {"counts": {"planned": 7}}, "7 tickets: 7 still to do."),
]


def test_admins_who_may_approve_a_plan_are_told_once(sandbox, plan_job, make_user, mailbox, in_app):
    for name in ("ada", "bob", "cy"):
        make_user(f"{name}@giga.test", Role.ADMIN)
    make_user("dan@giga.test")
    permit("admin", "tag-manager", approval_above=0)
    job = plan_job([sandbox.add_ticket(subject="A secret")], email="ada@giga.test")
    wish("bob@giga.test", Wish.NEVER, approvals=False)

    for _ in range(2):
        jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
        db.session.commit()
    send_all()

    (mail,) = mailbox.mails
    assert mail["To"] == "cy@giga.test"
    assert mail["Subject"].endswith("waits for an admin's approval")
    assert "1 ticket: 1 to be changed." in mailbox.words()
    assert "ada@giga.test made the plan." in mailbox.words()
    assert "A secret" not in mailbox.words()


def test_whoever_asks_to_start_anothers_plan_is_not_asked_to_approve_it(
    sandbox, plan_job, make_user, in_app, mailbox
):
    for name in ("ada", "bob"):
        make_user(f"{name}@giga.test", Role.ADMIN)
    permit("admin", "tag-manager", approval_above=0)
    job = plan_job([sandbox.add_ticket()])

    jobs.apply(job, job.plan_digest, accounts.by_email("ada@giga.test"), agreed_to_part=False)
    db.session.commit()
    send_all()

    assert [mail["To"] for mail in mailbox.mails] == ["bob@giga.test"]


def test_a_plan_that_was_approved_by_then_is_not_told(
    sandbox, plan_job, make_user, in_app, mailbox
):
    make_user(BOSS, Role.ADMIN)
    permit("user", "tag-manager", approval_above=0)
    job = plan_job([sandbox.add_ticket()])
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    jobs.approve(job, job.plan_digest, accounts.by_email(BOSS))
    db.session.commit()

    send_all()

    assert mailbox.mails == []


@pytest.mark.parametrize(("name", "facts", "words"), WORDS)
def test_each_event_is_told_in_words(owner, put_event, mailbox, name, facts, words):
    put_event(name, owner, **facts)
    mark_as_standing()

    send_all()

    assert words in mailbox.words()
    assert "None" not in mailbox.words()


def mark_as_standing():
    """Let the events be handed out as they are, although there is no job behind them."""
    for event in events():
        event.due_at = None
        for one in mails.recipients(event):
            db.session.add(Delivery(event_id=event.id, user_id=one))
    db.session.commit()


NEVER, TROUBLE, ALL = Wish.NEVER, Wish.TROUBLE, Wish.ALL
LONG, SHORT, AT_ONCE = 3600, 30, 3


@pytest.mark.parametrize(
    ("name", "facts", "seconds", "wanted_by"),
    [
        (EventName.COMPLETED, {}, LONG, {ALL}),
        (EventName.COMPLETED, {}, SHORT, set()),
        (EventName.COMPLETED, BAD, LONG, {ALL, TROUBLE, None}),
        (EventName.COMPLETED, BAD, SHORT, {ALL, TROUBLE, None}),
        (EventName.COMPLETED, BAD, AT_ONCE, set()),
        (EventName.COMPLETED, {"counts": {"unknown": 1}}, LONG, {ALL, TROUBLE, None}),
        (EventName.FAILED, {}, SHORT, {ALL, TROUBLE, None}),
        (EventName.FAILED, {}, AT_ONCE, set()),
        (EventName.PAUSED, {"pause_reason": "canary"}, LONG, {ALL, TROUBLE, None}),
        (EventName.SIGN_IN, {}, AT_ONCE, {ALL, TROUBLE, None}),
        (EventName.PLANNED, {}, LONG, {ALL}),
        (EventName.PLANNED, {}, SHORT, set()),
        (EventName.CANCELLED, {"by": "owner"}, LONG, set()),
        (EventName.CANCELLED, {"by": "admin"}, LONG, {ALL, TROUBLE, None}),
        (EventName.CANCELLED, {"by": "program"}, LONG, {ALL}),
    ],
)
def test_who_gets_a_mail_about_their_own_job(
    make_user, mailbox, put_event, name, facts, seconds, wanted_by
):
    people = {one: make_user(f"{one or 'unset'}@giga.test") for one in (NEVER, TROUBLE, ALL, None)}
    db.session.rollback()
    for own in (NEVER, TROUBLE, ALL):
        wish(people[own], own)

    got = set()
    for own, email in people.items():
        event = put_event(name, user_id(email), worked_seconds=seconds, **facts)
        got |= {own for one in mails.recipients(event) if one == user_id(email)}

    assert got == wanted_by


def test_an_admin_can_hear_of_trouble_in_the_jobs_of_others(owner, make_user, put_event, mailbox):
    make_user(BOSS, Role.ADMIN)
    make_user("other@giga.test")
    db.session.rollback()
    wish(BOSS, NEVER, others=True)
    wish("other@giga.test", NEVER, others=True)
    wish(OWNER, NEVER)

    put_event(EventName.COMPLETED, owner)
    put_event(EventName.FAILED, owner, worked_seconds=1)
    put_event(EventName.FAILED, user_id(BOSS))
    send_all()

    (mail,) = mailbox.mails
    assert mail["To"] == BOSS
    assert len(deliveries()) == 1
    assert f"{OWNER} started it." in mail.get_content()


def test_an_admin_hears_once_of_credentials_that_stop_every_job(
    owner, make_user, put_event, mailbox
):
    make_user(BOSS, Role.ADMIN)
    db.session.rollback()
    wish(BOSS, NEVER, others=True)

    got = [mails.recipients(put_event(EventName.SIGN_IN, owner)) for _ in range(2)]
    with time_machine.travel(now() + timedelta(hours=2)):
        got.append(mails.recipients(put_event(EventName.SIGN_IN, owner)))

    assert [user_id(BOSS) in one for one in got] == [True, False, True]


@pytest.mark.parametrize("change", [{"enabled": False}, {"role": Role.USER}])
def test_who_lost_the_right_to_see_the_job_meanwhile_gets_no_mail(
    owner, make_user, put_event, mailbox, change
):
    make_user(BOSS, Role.ADMIN)
    db.session.rollback()
    wish(BOSS, NEVER, others=True)
    wish(OWNER, NEVER)
    put_event(EventName.FAILED, owner)
    outbox.hand_out()
    db.session.query(User).filter_by(email=BOSS).update(change)
    db.session.commit()

    mails.send_due()

    (delivery,) = deliveries()
    assert (mailbox.mails, delivery.state) == ([], DeliveryState.GIVEN_UP)
    assert "deactivated" in delivery.answer


def test_a_deactivated_person_gets_no_mail_made(owner, put_event, mailbox):
    event = put_event(EventName.FAILED, owner)
    db.session.query(User).filter_by(id=owner).update({"enabled": False})

    assert not mails.recipients(event)


def test_without_a_mail_server_no_mail_waits_for_one(owner, put_event):
    put_event(EventName.FAILED, owner)

    outbox.hand_out()

    assert deliveries() == []


def test_a_mail_that_is_refused_is_tried_again_and_holds_up_no_other(owner, put_event, mailbox):
    put_event(EventName.FAILED, owner)
    put_event(EventName.FAILED, owner)
    mailbox.refuses = "450 Try later"
    send_all()
    states = [(one.state, one.attempts) for one in deliveries()]
    assert states == [(DeliveryState.WAITING, 1), (DeliveryState.WAITING, 0)]
    assert "450 Try later" in deliveries()[0].answer

    mailbox.refuses = None
    with time_machine.travel(now() + timedelta(seconds=61)):
        send_all()

    assert [one.state for one in deliveries()] == [DeliveryState.SENT] * 2
    assert len(mailbox.mails) == 2


def test_a_title_cannot_add_to_the_head_of_a_mail(owner, put_event, mailbox):
    put_event(EventName.COMPLETED, owner, title="Add x\r\nBcc: eve@evil.test\u202e" + "y" * 300)

    send_all()

    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert len(mail["Subject"]) < 200
