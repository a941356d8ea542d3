"""How a client proves who it is: an OAuth client of the account, or an API token (which ends on 2027-04-30)."""

import threading
import time
from dataclasses import dataclass, field
from typing import Protocol

import requests
from requests.auth import HTTPBasicAuth

from app.zendesk.errors import Answered, NotSent, SignInRefused, Unreadable, from_response

TIMEOUTS = (5, 15)  # seconds to connect, seconds to wait for an answer


class SignIn(Protocol):
    def sign(
        self, session: requests.Session, base_url: str, request: requests.PreparedRequest
    ) -> None:
        """Put the credentials on a request."""
        ...

    def refused(self, request: requests.PreparedRequest) -> bool:
        """Zendesk answered this request with 401. True if there is reason to try once more."""
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


@dataclass
class OAuthClient:
    """The client credentials grant: a token is minted when needed, and renewed before it ends or after a 401."""

    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "read write"
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
        asked = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "scope": self.scope,
        }
        try:
            response = session.post(
                f"{base_url}/oauth/tokens", json=asked, timeout=TIMEOUTS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise NotSent(
                f"Zendesk could not be reached to sign in ({type(error).__name__})"
            ) from None
        if response.status_code >= 300:
            raise _refusal(from_response(response))
        self._keep(response)

    def _keep(self, response: requests.Response) -> None:
        try:
            answer = response.json()
            self._token = answer["access_token"]
        except (ValueError, KeyError, TypeError):
            raise Unreadable("Zendesk's answer to the sign-in has no token in it") from None
        # Renewed a little before its end, so that none runs out between the check and the call.
        self._ends_at = time.monotonic() + max(float(answer.get("expires_in") or 1800) - 60, 30)


def _refusal(error: Answered) -> Answered:
    """A 400 or 401 from the token address means that the client's id or secret is wrong."""
    if error.status in {400, 401}:
        return SignInRefused(error.status, error.words, error.request_id)
    return error
