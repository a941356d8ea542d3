"""Settings that admins change."""

import pytest
from sqlalchemy import insert, select

from app.database import now, writing
from app.extensions import db
from app.models import AuditEvent, Setting
from app.services import accounts, memo, settings
from app.services.settings import OutOfBounds


def test_is_what_the_environment_sets_until_somebody_chooses(in_app):
    in_app.config["ZENDESK_RESERVE_PERCENT"] = 45
    assert settings.value("reserve_percent") == 45

    settings.choose("reserve_percent", 10, None)

    assert settings.value("reserve_percent") == 10


def test_a_choice_says_from_what_to_what(in_app):
    settings.choose("max_in_flight", 7, None)
    db.session.commit()

    event = db.session.scalar(select(AuditEvent))
    assert (event.action, event.target) == ("setting.change", "max_in_flight")
    assert event.detail == {"before": 10, "after": 7}


def test_a_choice_of_what_it_is_already_is_no_change(in_app):
    settings.choose("max_in_flight", 10, None)
    db.session.commit()

    assert db.session.scalar(select(AuditEvent)) is None


@pytest.mark.parametrize("wanted", [-1, 91])
def test_stays_within_its_bounds(in_app, wanted):
    with pytest.raises(OutOfBounds, match="from 0 to 90 per cent"):
        settings.choose("reserve_percent", wanted, None)

    assert settings.value("reserve_percent") == 30


def test_a_choice_can_be_taken_back_and_that_is_noted_too(in_app):
    settings.choose("max_in_flight", 7, None)
    settings.go_back("max_in_flight", None)
    db.session.commit()

    assert settings.value("max_in_flight") == 10
    last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()[-1]
    assert last.detail == {"before": 7, "after": 10, "chosen": False}


def test_taking_back_what_nobody_chose_is_no_change(in_app):
    settings.go_back("max_in_flight", None)
    db.session.commit()

    assert db.session.scalar(select(AuditEvent)) is None


def test_says_who_changed_it_last(in_app, make_user):
    somebody = accounts.by_email(make_user("admin@giga.test"))
    settings.choose("max_in_flight", 7, None)
    settings.choose("max_in_flight", 8, somebody)
    db.session.commit()

    reserve, places = settings.look()[:2]

    assert (reserve.value, reserve.is_chosen, reserve.changed_by) == (30, False, "")
    assert (places.value, places.is_chosen) == (8, True)
    assert (places.changed_by, places.changed_at is None) == ("admin@giga.test", False)


def test_whoever_asks_all_the_time_asks_the_database_once_a_second(in_app, statements, monkeypatch):
    monkeypatch.setattr(memo, "SECONDS", 60.0)
    asked = statements(lambda: [settings.current("max_in_flight") for _ in range(5)])

    assert len([one for one in asked if "settings" in one]) == 1


def test_a_choice_is_current_as_soon_as_it_is_committed(in_app, monkeypatch):
    monkeypatch.setattr(memo, "SECONDS", 60.0)
    assert settings.current("max_in_flight") == 10
    settings.choose("max_in_flight", 7, None)
    assert settings.current("max_in_flight") == 10  # to others it is not there yet
    db.session.commit()

    assert settings.current("max_in_flight") == 7


def test_a_choice_of_another_process_is_current_after_a_second(in_app, monkeypatch):
    monkeypatch.setattr(memo, "SECONDS", 60.0)
    assert settings.current("max_in_flight") == 10
    with writing(), db.engine.begin() as elsewhere:
        row = {"name": "max_in_flight", "value": 7, "updated_at": now()}
        elsewhere.execute(insert(Setting).values(row))
    assert settings.current("max_in_flight") == 10

    monkeypatch.setattr(memo, "SECONDS", 0.0)

    assert settings.current("max_in_flight") == 7


def test_without_the_database_a_call_under_way_goes_by_the_environment(in_app):
    with db.engine.begin() as database:
        database.exec_driver_sql("ALTER TABLE settings RENAME TO hidden")
    try:
        assert settings.current("max_in_flight") == 10
    finally:
        with db.engine.begin() as database:
            database.exec_driver_sql("ALTER TABLE hidden RENAME TO settings")
