"""Settings of the app, read from the environment once, at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self
from urllib.parse import urlsplit

DEVELOPMENT_KEY = "development-only"


class ConfigError(Exception):
    """The environment asks for something unsafe or impossible. Its text tells the operator what to do."""


@dataclass(frozen=True)
class Config:
    """One field for each setting; Flask takes the upper-case names as they are."""

    SECRET_KEY: str = DEVELOPMENT_KEY
    # Comma-separated Fernet keys; the first encrypts, all decrypt. Empty: derived from SECRET_KEY.
    ENCRYPTION_KEYS: str = ""
    FLASK_ENV: str = "development"
    SQLALCHEMY_DATABASE_URI: str = "sqlite:///app.db"
    REDIS_URL: str = "redis://localhost:6379/0"
    REDIS_PREFIX: str = "giga:"  # of every key: two installations on one server need two

    ZENDESK_SUBDOMAIN: str = ""
    ZENDESK_OAUTH_CLIENT_ID: str = ""
    ZENDESK_OAUTH_CLIENT_SECRET: str = ""
    ZENDESK_EMAIL: str = ""
    ZENDESK_API_TOKEN: str = ""
    ZENDESK_BASE_URL: str = ""  # a sandbox or a test server in place of the real host
    ZENDESK_WINDOW_SECONDS: float = (
        60.0  # how long Zendesk's "minute" lasts; a fast sandbox has shorter ones
    )
    ZENDESK_MAX_IN_FLIGHT: int = 10  # of the 30 Zendesk jobs an account may have queued or running
    ZENDESK_RESERVE_PERCENT: int = 30  # of its limits, kept for the people who work in Zendesk

    # Where people reach us, and Zendesk sends admins back to; empty: what the request names as its host.
    PUBLIC_URL: str = ""

    # A job pauses by itself when of its last tickets more than so many per cent fail, or so many in a row alike.
    BREAKER_WINDOW: int = 200
    BREAKER_PERCENT: int = 20
    BREAKER_RUN: int = 50

    SYNC_LIMIT: int = 500  # jobs of at most so many tickets run inside the request
    SYNC_SECONDS: float = 15.0  # and for at most so long
    SYNC_SLOTS: int = 4  # in at most so many threads of one web process
    CELERY_CONCURRENCY: int = 8

    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SAMESITE: str = "Lax"
    SESSION_COOKIE_SECURE: bool = False
    MAX_CONTENT_LENGTH: int = 8 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE: int = 4 * 1024 * 1024  # 50,000 ticket numbers, pasted
    WTF_CSRF_TIME_LIMIT: int | None = (
        None  # as long as the session: a form left open overnight still works
    )

    FLASK_DEBUG: bool = False

    def __post_init__(self) -> None:
        for name in ("ZENDESK_BASE_URL", "PUBLIC_URL"):
            _refuse_other_than_host(name, getattr(self, name))
        if not 0 <= self.ZENDESK_RESERVE_PERCENT <= 90:
            raise ConfigError(
                f"ZENDESK_RESERVE_PERCENT is {self.ZENDESK_RESERVE_PERCENT}, but it must be between 0 and 90."
            )
        if self.is_production and self.FLASK_DEBUG:
            raise ConfigError(
                "FLASK_ENV is production, but FLASK_DEBUG is on: it would show our code to visitors."
            )
        if self.is_production and self.SECRET_KEY == DEVELOPMENT_KEY:
            raise ConfigError(
                "FLASK_ENV is production, but SECRET_KEY is not set: set it to a long random text."
            )
        if self.is_production and not self.ENCRYPTION_KEYS:
            raise ConfigError(
                "FLASK_ENV is production, but ENCRYPTION_KEYS is not set: set it to a Fernet key (README, Environment)."
            )

    @property
    def is_production(self) -> bool:
        return self.FLASK_ENV == "production"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Settings from variables of the same names, and DATABASE_URL. An empty variable counts as not set.

        Raises ConfigError for a number that is none, and for what is unsafe in production.
        """
        given: dict[str, Any] = {
            f.name: _parse(f.name, f.default, environ[f.name])
            for f in fields(cls)
            if environ.get(f.name)
        }
        if environ.get("DATABASE_URL"):
            given["SQLALCHEMY_DATABASE_URI"] = database_uri(environ["DATABASE_URL"])
        if given.get("FLASK_ENV") == "production":
            given.setdefault("SESSION_COOKIE_SECURE", True)
        return cls(**given)


def database_uri(url: str) -> str:
    """The URL as SQLAlchemy wants it.

    Flask-SQLAlchemy reads relative SQLite paths from the instance folder, so `sqlite:///instance/app.db`, as people
    write it, would land in instance/instance. Some hosts still hand out `postgres://`.
    """
    url = url.replace("sqlite:///instance/", "sqlite:///", 1)
    return url.replace("postgres://", "postgresql://", 1)


def _refuse_other_than_host(name: str, url: str) -> None:
    """Scheme and host, perhaps a port: paths are ours to add."""
    if not url:
        return
    no_address = ConfigError(
        f"{name} must be an address with its scheme, such as https://giga.example.com."
    )
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise no_address from None
    if not fits or not url.isascii() or not url.isprintable() or " " in url:
        raise no_address
    if "@" in parts.netloc or url.rstrip("/") != f"{parts.scheme}://{parts.netloc}":
        raise ConfigError(
            f"{name} must be scheme and host only, such as https://giga.example.com: no path, query or password."
        )


def _parse(name: str, default: object, text: str) -> object:
    if default is None:
        default = 0  # a number that may be left out
    if isinstance(default, bool):
        return text.lower() in {"1", "true", "yes", "on"}
    try:
        return type(default)(text) if isinstance(default, int | float) else text
    except ValueError:
        raise ConfigError(f"{name} is {text!r}, but it must be a number.") from None
