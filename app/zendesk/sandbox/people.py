"""Who may use the sandbox, and how they show it: API tokens and OAuth access tokens."""

import binascii
import os
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from .answers import bad_token, not_authenticated
from .clock import SECOND, Clock, to_iso
from .settings import Settings
from .storage import Storage

API_TOKEN = "sandbox-token"  # noqa: S105
CLIENT_ID, CLIENT_SECRET = "sandbox-client", "sandbox-secret"


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    email: str
    role: str

    def to_json(self, base_url: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "url": f"{base_url}/api/v2/users/{self.id}.json",
            "name": self.name,
            "email": self.email,
            "created_at": "2024-02-01T09:00:00Z",
            "updated_at": "2026-01-12T09:00:00Z",
            "time_zone": "UTC",
            "iana_time_zone": "Etc/UTC",
            "phone": None,
            "locale_id": 1,
            "locale": "en-US",
            "organization_id": None,
            "role": self.role,
            "verified": True,
            "active": True,
            "suspended": False,
            "moderator": self.role != "end-user",
            "restricted_agent": False,
            "default_group_id": 504,
            "tags": [],
        }


ADMIN = Person(9_001, "Ada Sandbox", "admin@sandbox.test", "admin")
AGENT = Person(9_002, "Gil Sandbox", "agent@sandbox.test", "agent")
PEOPLE = {person.email: person for person in (ADMIN, AGENT)}
ANONYMOUS = {
    "id": None,
    "url": None,
    "name": "Anonymous user",
    "email": "invalid@example.com",
    "role": "end-user",
    "verified": False,
    "active": None,
    "organization_id": None,
    "locale": "en-US",
    "time_zone": "UTC",
    "tags": [],
}


class Doorkeeper:
    """Knows credentials. The OAuth client belongs to the admin, so its tokens act as her."""

    def __init__(self, settings: Settings, clock: Clock, storage: Storage) -> None:
        self.settings, self._clock, self._storage = settings, clock, storage
        rows = storage.read("SELECT token, created, expires FROM tokens ORDER BY created")
        self._tokens = {token: (created, expires) for token, created, expires in rows}

    def identify(self, authorization: str) -> Person | None:
        """The person, None where no credentials are given. Refused where they are wrong."""
        if not authorization.strip():
            return None
        scheme, _, credentials = authorization.partition(" ")
        if scheme.lower() == "bearer":
            self._check_token(credentials.strip())
            return ADMIN
        if scheme.lower() != "basic":
            raise not_authenticated()
        return _person(credentials)

    def issue(self) -> str:
        """A new access token, good for `token_lifetime` real seconds."""
        token = os.urandom(24).hex()
        now = self._clock.now()
        lifetime = int(self.settings.token_lifetime * self._clock.speed * SECOND)
        self._tokens[token] = (now, now + lifetime)
        self._storage.write("INSERT INTO tokens VALUES (?, ?, ?)", (token, now, now + lifetime))
        return token

    def revoke(self, authorization: str) -> None:
        """Make this access token worthless; other credentials stay as they are."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer" and self._tokens.pop(token.strip(), None):
            self._storage.write("DELETE FROM tokens WHERE token = ?", (token.strip(),))

    def describe(self, authorization: str) -> dict[str, Any] | None:
        """The access token in use, None for other credentials."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        created, expires = self._tokens[token.strip()]
        return {
            "id": list(self._tokens).index(token.strip()) + 1,
            "client_id": 4_001,
            "user_id": ADMIN.id,
            "token": token.strip()[:10],
            "scopes": ["read", "write"],
            "created_at": to_iso(created),
            "expires_at": to_iso(expires),
            "refresh_token": None,
        }

    def _check_token(self, token: str) -> None:
        _, expires = self._tokens.get(token, (0, 0))
        if expires <= self._clock.now():
            raise bad_token()


def _person(credentials: str) -> Person:
    try:
        user, _, token = b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise not_authenticated() from None
    person = PEOPLE.get(user.removesuffix("/token").lower())
    if person is None or not user.endswith("/token") or token != API_TOKEN:
        raise not_authenticated()
    return person
