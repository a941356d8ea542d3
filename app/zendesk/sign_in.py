"""How a client proves who it is: with OAuth access tokens, or with an API token (which ends on 2027-04-30)."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Protocol

import requests
from requests.auth import HTTPBasicAuth

from app.zendesk.oauth import SCOPE, Grant, OAuthApp, ask_for_token

__all__ = ["ApiToken", "GivenToken", "OAuthClient", "OAuthTokens", "SignIn", "Tokens"]

# Zendesk's timetable: none can be made since the first, and none works after the second.
API_TOKENS_CLOSED = date(2026, 10, 27)
API_TOKENS_END = date(2027, 4, 30)

# Sends a form to the account's token address.
Ask = Callable[[dict[str, str]], Grant]


class SignIn(Protocol):
    def sign(
        self, session: requests.Session, base_url: str, request: requests.PreparedRequest
    ) -> None:
        """Put the credentials on a request."""
        ...

    def refused(self, request: requests.PreparedRequest) -> bool:
        """Zendesk answered this request with 401. True if there is reason to try once more."""
        ...


class Tokens(Protocol):
    """Where access tokens are kept, and who renews them."""

    def current(self, ask: Ask) -> str:
        """An access token that is good as far as we know; renewed with `ask` if need be."""
        ...

    def refused(self, token: str) -> bool:
        """Zendesk did not accept this token. True if there is another, or one may be asked for."""
        ...


@dataclass(frozen=True)
class ApiToken:
    email: str
    token: str = field(repr=False)

    def sign(
        self, session: requests.Session, base_url: str, request: requests.PreparedRequest
    ) -> None:
        HTTPBasicAuth(f"{self.email}/token", self.token)(request)

    def refused(self, request: requests.PreparedRequest) -> bool:
        return False


@dataclass(frozen=True)
class GivenToken:
    """One access token, which nobody renews: to see whose it is before it is kept."""

    token: str = field(repr=False)

    def sign(
        self, session: requests.Session, base_url: str, request: requests.PreparedRequest
    ) -> None:
        request.headers["Authorization"] = f"Bearer {self.token}"

    def refused(self, request: requests.PreparedRequest) -> bool:
        return False


@dataclass(frozen=True)
class OAuthTokens:
    """Client credentials, or an authorization code: both end in access tokens that somebody keeps."""

    tokens: Tokens = field(repr=False)

    def sign(
        self, session: requests.Session, base_url: str, request: requests.PreparedRequest
    ) -> None:
        token = self.tokens.current(partial(ask_for_token, session, base_url))
        request.headers["Authorization"] = f"Bearer {token}"

    def refused(self, request: requests.PreparedRequest) -> bool:
        return self.tokens.refused(request.headers["Authorization"].removeprefix("Bearer "))


@dataclass
class OAuthClient:
    """Client credentials for a program without a database: one process, which keeps its own token."""

    client_id: str
    client_secret: str = field(repr=False)
    scope: str = SCOPE
    _token: str = field(default="", repr=False)
    _ends_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def sign(
        self, session: requests.Session, base_url: str, request: requests.PreparedRequest
    ) -> None:
        with self._lock:
            if time.monotonic() >= self._ends_at:
                self._mint(session, base_url)
            request.headers["Authorization"] = f"Bearer {self._token}"

    def refused(self, request: requests.PreparedRequest) -> bool:
        with self._lock:
            # Another thread may have met the same refusal, and have a new token already.
            if request.headers["Authorization"] == f"Bearer {self._token}":
                self._ends_at = 0.0
        return True

    def _mint(self, session: requests.Session, base_url: str) -> None:
        app = OAuthApp(self.client_id, self.client_secret, self.scope)
        grant = ask_for_token(session, base_url, app.mint())
        self._token = grant.access_token
        # Renewed a little before its end, so that none runs out between the check and the call.
        self._ends_at = time.monotonic() + max((grant.expires_in or 1800) - 60, 30)
