"""Secrets are encrypted in the database, and readable after the keys were changed."""

from cryptography.fernet import Fernet
from sqlalchemy import text

from app.extensions import db
from app.models import ZendeskSettings

SECRET = "a client secret"


def keep_secret():
    db.session.add(ZendeskSettings(subdomain="acme", oauth_client_secret=SECRET))
    db.session.commit()


def test_the_database_does_not_hold_the_secret_itself(in_app):
    keep_secret()

    stored = db.session.execute(text("SELECT * FROM zendesk_settings")).one()

    assert SECRET not in str(stored)


def test_a_new_first_key_still_reads_what_the_old_one_wrote(in_app):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    in_app.config["ENCRYPTION_KEYS"] = old
    keep_secret()

    in_app.config["ENCRYPTION_KEYS"] = f"{new},{old}"

    assert db.session.query(ZendeskSettings).one().oauth_client_secret == SECRET


def test_the_secret_is_not_in_the_settings_repr():
    settings = ZendeskSettings(subdomain="acme", oauth_client_secret=SECRET, api_token=SECRET)

    assert SECRET not in repr(settings)
