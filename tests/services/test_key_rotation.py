"""Secrets are encrypted anew with the first key, wherever a table keeps some."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from app.extensions import db
from app.models import OAuthToken, ZendeskSettings
from app.models.secret import Secret
from app.services import key_rotation
from app.services.key_rotation import Age
from tests.test_cli import run

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
SECRET = "a client secret"


def every_place():
    """Each column of a secret, found from the tables."""
    return {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Secret)
    }


def stored(place="zendesk_settings.oauth_client_secret"):
    table, _, column = place.partition(".")
    return db.session.execute(text(f"SELECT {column} FROM {table}")).scalars().all()


@pytest.fixture
def keep(in_app):
    """Keep some secrets with this key."""

    def keep(key, number=1):
        in_app.config["ENCRYPTION_KEYS"] = key
        for one in range(number):
            db.session.add(
                OAuthToken(
                    base_url=f"https://{key[:5].lower()}{one}.test",
                    client_id="c",
                    method="m",
                    access_token=f"access {one}",
                )
            )
        db.session.add(ZendeskSettings(subdomain="acme", oauth_client_secret=SECRET, api_token="t"))
        db.session.commit()

    return keep


def test_afterwards_the_old_key_is_not_needed(in_app, keep):
    keep(OLD, number=3)
    in_app.config["ENCRYPTION_KEYS"] = f"{NEW},{OLD}"

    assert key_rotation.rotate() == {Age.OLDER: 5}

    in_app.config["ENCRYPTION_KEYS"] = NEW
    assert db.session.query(ZendeskSettings).one().oauth_client_secret == SECRET
    assert {one.access_token for one in db.session.query(OAuthToken)} == {
        "access 0",
        "access 1",
        "access 2",
    }


def test_once_more_changes_nothing(in_app, keep):
    keep(OLD)
    in_app.config["ENCRYPTION_KEYS"] = f"{NEW},{OLD}"
    key_rotation.rotate()
    before = stored()

    assert key_rotation.rotate() == {Age.NEWEST: 3}
    assert stored() == before


def test_more_rows_than_fit_one_transaction_are_all_done(in_app, keep, monkeypatch):
    monkeypatch.setattr(key_rotation, "_AT_ONCE", 2)
    keep(OLD, number=5)
    in_app.config["ENCRYPTION_KEYS"] = f"{NEW},{OLD}"

    assert key_rotation.rotate() == {Age.OLDER: 7}
    assert {found.age for found in key_rotation.look()} == {Age.NEWEST}


def test_what_changed_meanwhile_is_left_as_it_is(in_app, keep, monkeypatch):
    keep(OLD)
    in_app.config["ENCRYPTION_KEYS"] = f"{NEW},{OLD}"
    encrypt_anew = key_rotation._encrypt_anew  # noqa: SLF001 - somebody saves between reading and writing

    def saved_meanwhile(*args):
        for one in db.session.query(ZendeskSettings):
            one.oauth_client_secret = "typed just now"
        db.session.commit()
        encrypt_anew(*args)

    monkeypatch.setattr(key_rotation, "_encrypt_anew", saved_meanwhile)
    key_rotation.rotate()

    db.session.expire_all()
    assert db.session.query(ZendeskSettings).one().oauth_client_secret == "typed just now"


def test_what_no_key_reads_is_left_and_said(in_app, keep):
    keep(OTHER)
    before = stored()
    in_app.config["ENCRYPTION_KEYS"] = f"{NEW},{OLD}"

    assert key_rotation.rotate() == {Age.UNREADABLE: 3}
    assert stored() == before


def test_every_column_of_a_secret_is_found_in_every_table(in_app):
    """One row of each table that has any, filled in without its rules: a new model needs no edit here."""
    in_app.config["ENCRYPTION_KEYS"] = OLD
    turn_rules_off()
    for table in db.metadata.sorted_tables:
        if any(isinstance(column.type, Secret) for column in table.columns):
            db.session.execute(table.insert().values(made_up(table)))
    db.session.commit()
    in_app.config["ENCRYPTION_KEYS"] = f"{NEW},{OLD}"

    places = {found.place for found in key_rotation.look() if found.age is Age.OLDER}
    key_rotation.rotate()

    assert places == every_place()
    assert {found.age for found in key_rotation.look()} == {Age.NEWEST}
    assert len(places) >= 6


def turn_rules_off():
    """What these rows refer to does not exist."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    db.session.rollback()
    off = "PRAGMA foreign_keys=OFF" if is_sqlite else "SET LOCAL session_replication_role = replica"
    if is_sqlite:
        db.session.connection().connection.execute("COMMIT")
    db.session.execute(text(off))


def made_up(table):
    """A value for each column that needs one."""
    kinds = {int: 1, str: "x", bool: True, dict: {}, list: [], float: 1.0}
    row = {}
    for column in table.columns:
        if isinstance(column.type, Secret):
            row[column.name] = SECRET
        elif not column.nullable and column.default is None:
            kind = column.type.python_type
            row[column.name] = kinds[kind] if kind in kinds else db.func.current_timestamp()
    return row


def test_the_commands_say_what_they_found_and_no_secret(app, keep):
    keep(OLD)
    app.config["ENCRYPTION_KEYS"] = f"{NEW},{OLD}"

    first = run(app, "secrets", "check")
    rotated = run(app, "secrets", "rotate")
    after = run(app, "secrets", "check")

    assert first.exit_code == 1
    assert "zendesk_settings.oauth_client_secret, row 1: needs an older key" in first.output
    assert rotated.output == "Encrypted anew: 3. Had the first key already: 0.\n"
    assert (after.exit_code, after.output.splitlines()[-1]) == (0, "No older key is needed.")
    assert SECRET not in first.output + rotated.output


def test_a_key_that_is_missing_fails_the_command(app, keep):
    keep(OTHER)
    app.config["ENCRYPTION_KEYS"] = NEW

    result = run(app, "secrets", "rotate")

    assert result.exit_code == 1
    assert "3 cannot be read with any of the keys" in result.output


def test_a_new_key_is_one(app):
    Fernet(run(app, "secrets", "new-key").output.strip())
