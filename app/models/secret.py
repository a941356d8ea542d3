"""A text column that is encrypted at rest."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from flask import current_app
from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator


class Secret(TypeDecorator[str]):
    """Encrypted with the first of ENCRYPTION_KEYS, read with any of them, so that keys can be changed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else keys().encrypt(value.encode()).decode()

    def process_result_value(self, value, dialect):
        return None if value is None else keys().decrypt(value.encode()).decode()


def keys() -> MultiFernet:
    """The app's keys. In development, where none are set, one is derived from SECRET_KEY."""
    given = [key.strip() for key in current_app.config["ENCRYPTION_KEYS"].split(",") if key.strip()]
    return MultiFernet(
        [Fernet(key) for key in given or [_derived(current_app.config["SECRET_KEY"])]]
    )


def _derived(secret_key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"giga-tools:" + secret_key.encode()).digest())
