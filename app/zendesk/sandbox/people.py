"""Who may use the sandbox, and how they show it: API tokens and OAuth access tokens."""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from .answers import forbidden, not_authenticated
from .clock import Clock
from .oauth import Token, Tokens, check_scopes
from .settings import Settings
from .storage import Storage

API_TOKEN = "sandbox-token"  # noqa: S105
# As Zendesk numbers them: 0 is a custom agent, 4 an admin; a customer has none.
_ROLE_TYPES = {"admin": 4, "agent": 0, "end-user": None}


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
            "shared_phone_number": None,
            "photo": None,
            "locale_id": 1,
            "locale": "en-US",
            "organization_id": None,
            "role": self.role,
            "verified": True,
            "external_id": None,
            "tags": [],
            "alias": "",
            "active": True,
            "shared": False,
            "shared_agent": False,
            "last_login_at": "2026-01-12T09:00:00Z",
            "two_factor_auth_enabled": False,
            "signature": "",
            "details": "",
            "notes": "",
            "role_type": _ROLE_TYPES[self.role],
            "custom_role_id": None,
            "moderator": self.role != "end-user",
            "ticket_restriction": None if self.role != "end-user" else "requested",
            "only_private_comments": False,
            "restricted_agent": False,
            "suspended": False,
            "default_group_id": 504,
            "report_csv": self.role == "admin",
            "user_fields": {},
        }


ADMIN = Person(9_001, "Ada Sandbox", "admin@sandbox.test", "admin")
AGENT = Person(9_002, "Gil Sandbox", "agent@sandbox.test", "agent")
CUSTOMER = Person(9_101, "Cem Sandbox", "customer@sandbox.test", "end-user")
PEOPLE = {person.email: person for person in (ADMIN, AGENT, CUSTOMER)}
# What somebody may see who is no agent.
_FOR_EVERYBODY = frozenset({"/api/v2/users/me", "/api/v2/oauth/tokens/current"})
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
    """Knows credentials: API tokens by what they are, access tokens from what was issued."""

    def __init__(self, settings: Settings, clock: Clock, storage: Storage) -> None:
        self.tokens = Tokens(settings, clock, storage)

    @property
    def settings(self) -> Settings:
        return self.tokens.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self.tokens.settings = settings

    def identify(self, authorization: str, method: str, route: str) -> Person | None:
        """Who asks for this; None where no credentials are given. Refused where they are wrong, or do not do."""
        if not authorization.strip():
            return None
        person = self._person(authorization, method, route)
        if person.role == "end-user" and route not in _FOR_EVERYBODY:
            raise forbidden("You do not have access to this page.")
        return person

    def revoke(self, authorization: str) -> None:
        """Make this access token worthless; other credentials stay as they are."""
        if token := self.token(authorization):
            self.tokens.revoke(token)

    def token(self, authorization: str) -> Token | None:
        """The access token in use, None for other credentials."""
        scheme, _, token = authorization.partition(" ")
        return self.tokens.living(token.strip()) if scheme.lower() == "bearer" else None

    def _person(self, authorization: str, method: str, route: str) -> Person:
        if token := self.token(authorization):
            check_scopes(token, method, route)
            return PEOPLE[token.user]
        scheme, _, credentials = authorization.partition(" ")
        if scheme.lower() != "basic":
            raise not_authenticated()
        return _person(credentials.strip())


def _person(credentials: str) -> Person:
    try:
        user, _, token = b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise not_authenticated() from None
    person = PEOPLE.get(user.removesuffix("/token").lower())
    if person is None or not user.endswith("/token") or token != API_TOKEN:
        raise not_authenticated()
    return person
