"""A text column that is encrypted at rest."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app
from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

from app.config import split_keys


class SecretUnreadable(Exception):
    """A secret in the database was encrypted with a key that this process does not have."""

    def __init__(self) -> None:
        super().__init__(
            "What is stored for the sign-in to Zendesk cannot be decrypted: ENCRYPTION_KEYS (or SECRET_KEY, "
            "where there are none) is not what it was. Add the old key behind the new one and restart, or "
            "enter the credentials again on the Connection page."
        )


class Secret(TypeDecorator[str]):
    """Encrypted with the first of ENCRYPTION_KEYS, read with any of them, so that keys can be changed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else keys().encrypt(value.encode()).decode()

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        try:
            return keys().decrypt(value.encode()).decode()
        except InvalidToken:
            raise SecretUnreadable from None


def keys() -> MultiFernet:
    return MultiFernet(each_key())


def each_key() -> list[Fernet]:
    """The app's keys, the first encrypts. In development, where none are set, one is derived from SECRET_KEY."""
    given = split_keys(current_app.config["ENCRYPTION_KEYS"])
    return [Fernet(key) for key in given or [_derived(current_app.config["SECRET_KEY"])]]


def _derived(secret_key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"giga-tools:" + secret_key.encode()).digest())
