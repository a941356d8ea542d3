"""Settings of the app, read from the environment once, at start."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self
from urllib.parse import urlsplit

from app.config.claude_prices import KNOWN_PRICES, claude_prices
from app.config.error import ConfigError
from app.config.hosts import hosts_of, is_this_machine, refuse_other_than_host
from app.config.keys import refuse_other_than_keys
from app.config.mail_server import refuse_half

_LINK = re.compile(r"(https?://[^/\s]|/(?!/))")
VERSION = "0.1.0"  # as pyproject.toml has it
DEVELOPMENT_KEY = "development-only"
SHORTEST_KEY = 32  # characters of SECRET_KEY in production


@dataclass(frozen=True, repr=False)
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
    # Comma-separated names by which we may be called besides PUBLIC_URL's; in development also those of this machine.
    ALLOWED_HOSTS: str = ""
    # How many proxies in front of us say whose request they pass on. 0: nobody's word is taken for it.
    TRUSTED_PROXIES: int = 0

    # The server that sends our mail (see `mail_server`), and whom its mail is from. Empty: no mail is sent.
    SMTP_URL: str = ""
    MAIL_FROM: str = ""

    # Where admins find Flower: an address of its own, or a path such as /flower behind the same proxy.
    FLOWER_URL: str = ""

    # A job pauses by itself when of its last tickets more than so many per cent fail, or so many in a row alike.
    BREAKER_WINDOW: int = 200
    BREAKER_PERCENT: int = 20
    BREAKER_RUN: int = 50

    # Claude, which analyses tickets where an admin has chosen so.
    ANTHROPIC_API_KEY: str = ""
    ANTHROPIC_BASE_URL: str = "https://api.anthropic.com"
    CLAUDE_MODEL: str = "claude-haiku-4-5"
    CLAUDE_PRICES: str = KNOWN_PRICES
    CLAUDE_SECONDS: float = 45.0  # so long one call may take

    # Whoever asks for /metrics must have it; empty: only programs on this machine that ask without a proxy.
    METRICS_TOKEN: str = ""

    SYNC_LIMIT: int = 500  # jobs of at most so many tickets run inside the request
    SYNC_SECONDS: float = 15.0  # and for at most so long
    SYNC_SLOTS: int = 4  # in at most so many threads of one web process
    CELERY_CONCURRENCY: int = 8

    # How many calls of the API one access token may make in a minute.
    API_READS_A_MINUTE: int = 120
    API_WRITES_A_MINUTE: int = 30

    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SAMESITE: str = "Lax"
    SESSION_COOKIE_SECURE: bool = False
    SESSION_COOKIE_NAME: str = "session"
    MAX_CONTENT_LENGTH: int = 8 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE: int = 4 * 1024 * 1024  # 50,000 ticket numbers, pasted
    MAX_FORM_PARTS: int = 1000
    WTF_CSRF_TIME_LIMIT: int | None = (
        None  # as long as the session: a form left open overnight still works
    )

    # Webhooks go to the internet alone, but for these hosts (“hooks.internal” or “hooks.internal:8080”).
    WEBHOOK_ALLOWED_HOSTS: str = ""
    WEBHOOK_ALLOW_HTTP: bool = False  # for test servers

    FLASK_DEBUG: bool = False

    def __repr__(self) -> str:
        """Without the settings: half a dozen of them are secrets, or addresses with a password inside."""
        return f"<Config for {self.FLASK_ENV}>"

    def __post_init__(self) -> None:
        for name in ("ZENDESK_BASE_URL", "PUBLIC_URL"):
            refuse_other_than_host(name, getattr(self, name))
        refuse_half(self.SMTP_URL, self.MAIL_FROM)
        claude_prices(self.CLAUDE_PRICES)
        claude = urlsplit(self.ANTHROPIC_BASE_URL)
        if claude.scheme != "https" and not is_this_machine(claude.hostname or ""):
            raise ConfigError(
                "ANTHROPIC_BASE_URL must begin with https://: the texts of tickets would cross the network for all to "
                "read."
            )
        if self.FLOWER_URL and not _LINK.match(self.FLOWER_URL):
            raise ConfigError(
                "FLOWER_URL must be an address such as https://giga.example.com/flower, or a path such as /flower."
            )
        if not 0 <= self.ZENDESK_RESERVE_PERCENT <= 90:
            raise ConfigError(
                f"ZENDESK_RESERVE_PERCENT is {self.ZENDESK_RESERVE_PERCENT}, but it must be between 0 and 90."
            )
        if self.TRUSTED_PROXIES < 0:
            raise ConfigError(
                f"TRUSTED_PROXIES is {self.TRUSTED_PROXIES}, but it cannot be below 0."
            )
        if self.FLASK_ENV not in {"development", "production"}:
            raise ConfigError(
                f"FLASK_ENV is {self.FLASK_ENV!r}, but it must be development or production."
            )
        refuse_other_than_keys(self.ENCRYPTION_KEYS)
        if self.is_production:
            self._refuse_what_is_unsafe()

    def _refuse_what_is_unsafe(self) -> None:
        if self.FLASK_DEBUG:
            raise ConfigError(
                "FLASK_ENV is production, but FLASK_DEBUG is on: it would show our code to visitors."
            )
        if self.SECRET_KEY == DEVELOPMENT_KEY:
            raise ConfigError(
                "FLASK_ENV is production, but SECRET_KEY is not set: set it to a long random text."
            )
        if len(self.SECRET_KEY) < SHORTEST_KEY:
            raise ConfigError(
                f"FLASK_ENV is production, but SECRET_KEY has fewer than {SHORTEST_KEY} characters: set it to a long "
                "random text."
            )
        if not self.ENCRYPTION_KEYS:
            raise ConfigError(
                "FLASK_ENV is production, but ENCRYPTION_KEYS is not set: set it to a Fernet key (README, Environment)."
            )
        if not hosts_of(self.PUBLIC_URL, self.ALLOWED_HOSTS):
            raise ConfigError(
                "FLASK_ENV is production, but neither PUBLIC_URL nor ALLOWED_HOSTS says by which name people reach "
                "Giga Tools: set PUBLIC_URL, such as https://giga.example.com."
            )
        public = urlsplit(self.PUBLIC_URL)
        if public.scheme == "http" and not is_this_machine(public.hostname or ""):
            raise ConfigError(
                "FLASK_ENV is production, but PUBLIC_URL begins with http://: passwords would cross the network for "
                "all to read. Put a proxy with TLS in front, and set the https:// address."
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
        if environ.get("FLASK_DEBUG"):  # as Flask itself reads it
            given["FLASK_DEBUG"] = environ["FLASK_DEBUG"].lower() not in {"0", "false", "no"}
        if given.get("FLASK_ENV") == "production":
            given.setdefault("SESSION_COOKIE_SECURE", True)
        if given.get("SESSION_COOKIE_SECURE"):
            # By this name browsers take it from us alone: no neighbour under the same domain can set it.
            given.setdefault("SESSION_COOKIE_NAME", "__Host-session")
        return cls(**given)


def database_uri(url: str) -> str:
    """The URL as SQLAlchemy wants it.

    Flask-SQLAlchemy reads relative SQLite paths from the instance folder, so `sqlite:///instance/app.db`, as people
    write it, would land in instance/instance. Some hosts still hand out `postgres://`.
    """
    url = url.replace("sqlite:///instance/", "sqlite:///", 1)
    return url.replace("postgres://", "postgresql://", 1)


def _parse(name: str, default: object, text: str) -> object:
    if default is None:
        default = 0  # a number that may be left out
    if isinstance(default, bool):
        return text.lower() in {"1", "true", "yes", "on"}
    try:
        return type(default)(text) if isinstance(default, int | float) else text
    except ValueError:
        raise ConfigError(f"{name} is {text!r}, but it must be a number.") from None
