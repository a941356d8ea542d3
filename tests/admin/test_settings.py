"""The pages on which admins change how Giga Tools works: settings, the stop of all writing, retention."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.database import now
from app.extensions import db
from app.models import AuditEvent, Job, Role
from app.services import settings, writing_stop
from tests.fixtures.visitor import Page

CHANGE = "/admin/settings/reserve_percent"
DEMAND = "/admin/settings/two_factor_for_admins"


def told(answer):
    return html.unescape(Page(answer.text).text)


def last_event():
    db.session.rollback()
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def test_each_setting_says_what_it_means_its_bounds_and_where_it_comes_from(in_app, admin):
    text = told(admin.get("/admin/settings"))

    for known in settings.ALL:
        assert known.title in text
        assert known.meaning in text
    assert "From 0 to 90 per cent" in text
    assert "The environment sets 30 per cent ( ZENDESK_RESERVE_PERCENT ), which is used." in text
    assert "Nobody has changed it." in text


def test_what_is_saved_holds_and_says_who_changed_it(in_app, admin):
    answer = admin.submit("/admin/settings", CHANGE, value=" 45 ")

    assert answer.status_code == 302
    assert settings.value("reserve_percent") == 45
    event = last_event()
    assert (event.actor, event.action) == ("admin@giga.test", "setting.change")
    assert (event.address, event.detail) == ("127.0.0.1", {"before": 30, "after": 45})
    assert "UTC by admin@giga.test" in told(admin.get("/admin/settings"))


@pytest.mark.parametrize("typed", ["91", "-1", "", "a third", "1e1", "9" * 30])
def test_what_is_out_of_bounds_is_refused_beside_its_field(in_app, admin, typed):
    answer = admin.submit("/admin/settings", CHANGE, value=typed)

    assert answer.status_code == 422
    assert told(answer).count("Type a whole number from 0 to 90 per cent.") == 2
    assert f'value="{typed}" aria-describedby="value-reserve_percent-error' in answer.text
    assert settings.value("reserve_percent") == 30


def test_one_goes_back_to_what_the_environment_sets(in_app, admin):
    admin.submit("/admin/settings", CHANGE, value="45")

    assert "Use what the environment sets (30 per cent)" in told(admin.get("/admin/settings"))
    admin.submit("/admin/settings", CHANGE, value="45", go_back="yes")

    assert settings.value("reserve_percent") == 30
    assert last_event().detail == {"before": 45, "after": 30, "chosen": False}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value": "20"}, "Kept for people in Zendesk: 30 per cent → 20 per cent. It holds"),
        ({"value": "30"}, "Kept for people in Zendesk: 30 per cent, as before. It holds"),
    ],
)
def test_what_was_saved_is_said_from_what_to_what(admin, typed, words):
    answer = admin.submit("/admin/settings", CHANGE, **typed)

    assert words in told(admin.get(answer.location))


def test_going_back_is_said_from_what_to_what_too(admin):
    admin.submit("/admin/settings", CHANGE, value="1")

    answer = admin.submit("/admin/settings", CHANGE, value="1", go_back="yes")

    assert "1 per cent → 30 per cent." in told(admin.get(answer.location))


def test_nobody_demands_two_factor_who_has_none(in_app, admin):
    answer = admin.submit("/admin/settings", DEMAND, value="yes")

    page = Page(answer.text)
    assert answer.status_code == 422
    assert "You have no two-factor yourself" in page.text
    assert 'Do that first. <a href="/account/two-factor">' in page.html
    assert re.search(r'"value-two_factor_for_admins-error [^>]+ aria-invalid="true"', page.html)
    assert settings.value("two_factor_for_admins") is False


def test_whoever_has_two_factor_demands_it(in_app, visitor, with_two_factor, authenticator):
    with_two_factor("admin@giga.test", role=Role.ADMIN)
    visitor.sign_in("admin@giga.test")
    visitor.submit("/login/code", code=authenticator.next())

    answer = visitor.submit("/admin/settings", DEMAND, value="yes")

    assert "Two-factor for admins: no → yes." in told(visitor.get(answer.location))


@pytest.mark.parametrize("name", ["nothing", "jobs_retention_days"])
def test_what_is_no_setting_of_this_page_is_not_changed_by_it(in_app, admin, name):
    answer = admin.submit("/admin/settings", f"/admin/settings/{name}", value="1")

    assert answer.status_code == 404
    assert settings.value("jobs_retention_days") == 365


def test_a_stop_is_told_on_every_page_to_everybody(in_app, admin, agent):
    refused = admin.submit("/admin/writing", "/admin/writing/stop", reason=" ")
    answer = admin.submit("/admin/writing", "/admin/writing/stop", reason="<b>Wrong</b> tags")

    assert (refused.status_code, answer.status_code) == (422, 302)
    words = "Nothing is written to Zendesk: stopped by admin@giga.test,"
    for path in ("/", "/jobs", "/tools/tag-manager", "/nowhere", "/account"):
        page = agent.get(path)
        assert words in told(page), path
        assert "because: <b>Wrong</b> tags" in told(page)
        assert "<b>Wrong" not in page.text
    assert "Let it go on" in told(admin.get("/"))
    assert "Let it go on" not in told(agent.get("/"))


def test_whoever_is_not_signed_in_is_told_of_no_stop(in_app, visitor):
    writing_stop.stop(None, "Wrong tags")
    db.session.commit()

    assert "Wrong tags" not in visitor.get("/login").text


def test_an_admin_lifts_the_stop(in_app, admin):
    writing_stop.stop(None, "Wrong tags")
    db.session.commit()

    admin.submit("/admin/writing", "/admin/writing/resume")

    assert writing_stop.may_write()
    text = told(admin.get("/admin/writing"))
    assert "stopped by the command line, because: Wrong tags Lifted by admin@giga.test" in text
    assert "Nothing is written" not in text


@pytest.mark.parametrize("path", ["/admin/writing/stop", "/admin/writing/resume", CHANGE])
def test_only_admins_change_anything(app, agent, path):
    app.config["WTF_CSRF_ENABLED"] = False

    answer = agent.open(path, "POST", data={"reason": "x", "value": "1"})

    assert answer.status_code == 403


@pytest.fixture
def old_job(sandbox, run_job):
    """A job that changed a ticket and ended 400 days ago."""
    job = run_job(tickets=[sandbox.add_ticket()])
    ended = now() - timedelta(days=400)
    db.session.execute(update(Job).where(Job.id == job.id).values(completed_at=ended))
    db.session.commit()
    return job


def test_what_would_go_is_shown_before_a_number_is_saved(in_app, admin, old_job):
    settings.choose("jobs_retention_days", 0, None)
    db.session.commit()
    assert "Nothing is old enough to go." in told(admin.get("/admin/retention"))

    wanted = {"jobs_retention_days": "390", "audit_retention_days": "0"}
    shown = admin.submit("/admin/retention", **wanted)

    assert "1 job with the results of 1 ticket." in told(shown)
    assert "1 of them could still be undone" in told(shown)
    assert settings.value("jobs_retention_days") == 0
    db.session.rollback()
    saved = admin.submit("/admin/retention", **wanted, seen="390,0")
    words = told(admin.get(saved.location))
    assert "jobs are kept: 0 days → 390 days. How long the audit log is kept: 730 days → 0" in words
    assert settings.value("jobs_retention_days") == 390
    assert last_event().detail == {"before": 730, "after": 0}


def test_numbers_that_were_changed_since_are_shown_anew(in_app, admin):
    wanted = {"jobs_retention_days": "10", "audit_retention_days": "0"}

    answer = admin.submit("/admin/retention", **wanted, seen="390,0")

    assert answer.status_code == 200
    assert settings.value("jobs_retention_days") == 365


def test_a_number_of_days_out_of_bounds_is_refused_beside_its_field(in_app, admin):
    wanted = {"jobs_retention_days": "a year", "audit_retention_days": "3651"}

    answer = admin.submit("/admin/retention", **wanted, seen="a year,3651")

    assert answer.status_code == 422
    assert told(answer).count("Type a whole number from 0 to 3,650 days.") == 4
    assert 'value="a year"' in answer.text


def test_one_day_is_no_days(admin):
    wanted = {"jobs_retention_days": "1", "audit_retention_days": "0"}

    assert "Jobs kept for 1 day, the" in told(admin.submit("/admin/retention", **wanted))
