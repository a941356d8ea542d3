"""Sessions: what a cookie opens, and until when."""

from datetime import timedelta

import time_machine
from sqlalchemy import select, update

from app.database import writing
from app.extensions import db
from app.models import UserSession
from tests.fixtures.visitor import Page, Visitor

NOON = "2026-11-23T12:00:00Z"


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app, agent):
    thief = Visitor(app)
    thief.http.set_cookie("session", agent.http.get_cookie("session").value)
    assert thief.get("/").status_code == 200

    agent.submit("/", "/logout")

    assert thief.get("/").status_code == 302


def test_ends_a_month_after_the_sign_in_however_much_it_is_used(sign_in):
    with time_machine.travel(NOON, tick=False) as clock:
        visitor = sign_in()
        for _ in range(3):
            clock.shift(9 * 24 * 3600)
            assert visitor.get("/").status_code == 200
        clock.shift(3 * 24 * 3600 + 1)

        assert visitor.get("/").status_code == 302


def test_ends_when_nobody_used_it_for_two_weeks(sign_in):
    with time_machine.travel(NOON, tick=False) as clock:
        visitor = sign_in()
        clock.shift(14 * 24 * 3600 + 1)

        assert visitor.get("/").status_code == 302


def test_a_page_is_shown_also_while_somebody_else_writes(agent, in_app):
    with time_machine.travel(timedelta(minutes=2)), writing(), db.engine.begin() as connection:
        connection.execute(update(UserSession).values(address="192.0.2.1"))

        assert agent.get("/account/sessions").status_code == 200


def test_a_page_notes_that_the_session_is_in_use(agent, in_app):
    before = db.session.scalar(select(UserSession.last_seen_at))
    db.session.rollback()

    with time_machine.travel(timedelta(minutes=2)):
        agent.get("/account/sessions")

    assert db.session.scalar(select(UserSession.last_seen_at)) > before


def test_a_cookie_that_was_planted_before_the_sign_in_opens_nothing_after_it(app, make_user):
    attacker, victim = Visitor(app), Visitor(app)
    token = Page(attacker.get("/login").text).fields["csrf_token"]
    planted = attacker.http.get_cookie("session").value
    victim.http.set_cookie("session", planted)

    assert victim.sign_in(make_user()).status_code == 302

    assert victim.http.get_cookie("session").value != planted
    assert attacker.get("/").status_code == 302
    sent = victim.open("/logout", "POST", data={"csrf_token": token})
    assert sent.status_code == 400, "nor are forms taken with the token that the attacker knows"
    assert victim.get("/").status_code == 200
