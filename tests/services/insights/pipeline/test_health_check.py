"""The health check, which tells admins when something changes, and only then."""

import json

import pytest

from app.database import writing
from app.extensions import db
from app.models import DeliveryState, EventName, JobEvent, NoticeChoice, Role, RunKind, Wish
from app.services import presence
from app.services.insights import stages, watching
from tests.fixtures.notices import deliveries, events, send_all, user_id
from tests.services.insights.pipeline.conftest import finish


@pytest.fixture
def check(monkeypatch, ask, run_of):
    """Look once; gives what came of it."""

    def check():
        monkeypatch.setitem(stages.STAGES, "health", watching.health)
        run_id = ask(RunKind.HEALTH)
        finish(run_id)
        return run_of(run_id).result["health"]

    return check


@pytest.fixture
def alive(in_app):
    """A worker and beat are there."""
    presence.worker_is_here("a worker")
    presence.upkeep_was_done()


def disconnect(app):
    app.config["ZENDESK_SUBDOMAIN"] = ""


def connect(app):
    app.config["ZENDESK_SUBDOMAIN"] = "sandbox"


def test_while_all_is_well_nothing_is_said(check, alive):
    assert {check()["Database"], check()["Broker"], check()["Zendesk"]} == {"ok"}
    assert events() == []


def test_a_problem_is_said_once_and_its_end_once(in_app, check, alive):
    disconnect(in_app)
    assert check()["Zendesk"] == "problem"
    check()
    connect(in_app)
    check()
    check()

    begun, ended = events()
    assert begun.facts["title"] == "a problem with Zendesk"
    assert "Giga Tools is not connected to a Zendesk account." in begun.facts["words"]
    assert ended.facts["title"] == "well again: Zendesk"
    assert (begun.facts["problems"], ended.facts["problems"]) == (["Zendesk"], [])


def test_a_second_problem_is_said_with_the_first(in_app, check, alive):
    disconnect(in_app)
    check()
    presence.redis.delete(presence.redis.key("alive:upkeep"))
    check()

    told = events()[-1].facts
    assert (told["new"], told["problems"]) == (["Scheduler"], ["Scheduler", "Zendesk"])


def test_a_check_that_is_cut_off_says_nothing_twice(in_app, check, ask, alive, monkeypatch):
    """The event and the check of the lease are one transaction."""
    disconnect(in_app)
    check()

    class Lost(Exception):
        pass

    class Gone:
        def check(self):
            raise Lost

    connect(in_app)
    with pytest.raises(Lost):
        watching.health(Gone(), 0)
    db.session.rollback()

    assert len(events()) == 1


def test_admins_who_want_to_hear_of_trouble_get_a_mail_and_others_none(
    in_app, check, alive, make_user, mailbox
):
    for email in ("boss@giga.test", "busy@giga.test"):
        make_user(email, Role.ADMIN)
    make_user("agent@giga.test")
    with writing():
        for email in ("boss@giga.test", "agent@giga.test"):
            db.session.merge(NoticeChoice(user_id=user_id(email), own=Wish.ALL, others=True))
        db.session.commit()
    disconnect(in_app)
    check()

    send_all()

    (mail,) = mailbox.mails
    assert mail["To"] == "boss@giga.test"
    assert mail["Subject"] == "Giga Tools: a problem with Zendesk"
    assert "Set it on the Connection page." in mail.get_content()
    assert [one.state for one in deliveries()] == [DeliveryState.SENT]


def test_a_webhook_that_wants_it_is_told(in_app, check, alive, put_webhook, receiver):
    receiver.expect_request("/hook").respond_with_data("ok")
    put_webhook(receiver.url_for("/hook"), events=[EventName.HEALTH])
    disconnect(in_app)
    check()

    send_all()

    ((request, _),) = receiver.log
    told = json.loads(request.data)
    assert (told["event"], told["job"]) == ("health.changed", None)
    assert told["news"]["problems"] == ["Zendesk"]
    assert db.session.query(JobEvent).count() == 1
