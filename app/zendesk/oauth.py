"""OAuth at Zendesk: asking for access tokens, renewing and ending them. Who keeps them is not known here."""

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import requests
from requests.adapters import BaseAdapter

from app.zendesk.answer import BROKEN, Answer, decoded, fail
from app.zendesk.deadline import BoundedAdapter
from app.zendesk.errors import (
    AnswerLost,
    GrantRefused,
    NotSent,
    RateLimited,
    SignInRefused,
    TokenUnreadable,
    Unavailable,
    Unreadable,
    WrongAddress,
    ZendeskError,
    from_answer,
)
from app.zendesk.resources.reading import OddShape, maybe_text, read, text
from app.zendesk.wording import clean

TIMEOUTS = (5, 15)  # seconds to connect, seconds to wait for an answer
LARGEST_ANSWER = 2**20  # bytes; a token and its scopes have less than one thousand
SHORTEST_LIFE, LONGEST_LIFE = 60, 400 * 86_400  # seconds
LONGEST_SCOPES = 2000  # characters
SCOPE = "read write"
NO_ANSWER = "Zendesk took the call for an access token, and gave no answer"

_FIT_TOKEN = re.compile(r"[!-~]{1,8000}")


@dataclass(frozen=True)
class OAuthApp:
    """An OAuth client of the account, and what it asks the token address for."""

    client_id: str
    client_secret: str = field(repr=False)
    scope: str = SCOPE

    def mint(self) -> dict[str, str]:
        """The client credentials grant. It acts as the client's owner, and gives no refresh token."""
        return self._form("client_credentials", scope=self.scope)

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> dict[str, str]:
        return self._form(
            "authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect_uri
        )

    def refresh(self, refresh_token: str) -> dict[str, str]:
        """The old pair dies as soon as Zendesk has answered."""
        return self._form("refresh_token", refresh_token=refresh_token)

    def page(self, base_url: str, redirect_uri: str, state: str, verifier: str) -> str:
        """The address at which Zendesk asks a person to allow it."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.scope,
            "state": state,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        return f"{base_url}/oauth/authorizations/new?{urlencode(asked)}"

    def _form(self, grant_type: str, **more: str) -> dict[str, str]:
        mine = {"client_id": self.client_id, "client_secret": self.client_secret}
        return {"grant_type": grant_type} | mine | more


@dataclass(frozen=True)
class Grant:
    """What the token address gave. Seconds are None where Zendesk sets no end."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_in: float | None = None
    refresh_expires_in: float | None = None
    scopes: str = ""

    @classmethod
    def of(cls, body: dict[str, Any]) -> "Grant":
        """What the answer holds. Raises OddShape, and names no value."""
        token = _token(body, "access_token")
        if token is None:
            raise OddShape("“access_token” is missing")
        return cls(
            token,
            _token(body, "refresh_token"),
            _seconds(body, "expires_in"),
            _seconds(body, "refresh_token_expires_in"),
            clean(text(body, "scope"), LONGEST_SCOPES),
        )


def ask_for_token(session: requests.Session, base_url: str, form: dict[str, str]) -> Grant:
    """Ask the token address. GrantRefused where the code or the refresh token is good no more.

    Where no answer came it is NotSent: the call that wants to be signed has not left. An answer that is none is
    TokenUnreadable.
    """
    request = requests.Request("POST", f"{base_url}/oauth/tokens", json=form)
    try:
        answer = _answer(session, request)
    except AnswerLost:
        raise NotSent(NO_ANSWER) from None
    except Unreadable as error:
        raise TokenUnreadable(str(error)) from None
    if answer.status >= 300:
        raise _refusal(answer)
    try:
        return read(decoded(answer.content), Grant.of)
    except Unreadable as error:
        raise TokenUnreadable(
            f"The answer to the sign-in has no token to work with. {error}"
        ) from None


def end_token(session: requests.Session, base_url: str, access_token: str) -> bool:
    """Let Zendesk forget this token and its refresh token. False if that could not be done."""
    url = f"{base_url}/api/v2/oauth/tokens/current.json"
    headers = {"Authorization": f"Bearer {access_token}"}
    try:
        answer = _answer(session, requests.Request("DELETE", url, headers=headers))
    except ZendeskError:
        return False
    return answer.status < 300


def open_session(transport: BaseAdapter | None = None) -> requests.Session:
    """A session for the two functions above; the transport is the same seam as the client's."""
    session = requests.Session()
    session.trust_env = False  # no proxy, no .netrc: credentials go to Zendesk alone
    session.headers["User-Agent"] = "Giga Tools"
    for scheme in ("http://", "https://"):
        session.mount(scheme, transport or BoundedAdapter())
    return session


def challenge_of(verifier: str) -> str:
    """PKCE: only who has the verifier can use the code that this challenge brought (RFC 7636, S256)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def _answer(session: requests.Session, request: requests.Request) -> Answer:
    """The adapter is asked and not the session, which follows redirects half-way and reads their bodies whole.

    Raises NotSent, AnswerLost or Unreadable.
    """
    try:
        prepared = session.prepare_request(request)
        adapter = session.get_adapter(prepared.url or "")
        response = adapter.send(prepared, stream=True, timeout=TIMEOUTS)
        return Answer.of(response, LARGEST_ANSWER)
    except BROKEN as error:
        fail(error)


def _refusal(answer: Answer) -> ZendeskError:
    """Every no but these two means that the client, the code or the refresh token is not good."""
    error = from_answer(*answer)
    if isinstance(error, Unavailable):
        return NotSent(f"Zendesk answered {error.status} to the sign-in")
    if isinstance(error, RateLimited | WrongAddress):
        return error
    # OAuth's own name for it (RFC 6749, 5.2) says what to do; its description is always the same.
    kind = GrantRefused if error.name == "invalid_grant" else SignInRefused
    return kind(error.status, error.name or error.words, error.request_id, name=error.name)


def _token(body: dict[str, Any], key: str) -> str | None:
    """A token that fits into a header; None where there is none."""
    value = maybe_text(body, key)
    if value is not None and not _FIT_TOKEN.fullmatch(value):
        raise OddShape(f"“{key}” is no token")
    return value


def _seconds(body: dict[str, Any], key: str) -> float | None:
    """A lifetime within reason: what is over at once would be asked for before every call."""
    value = body.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise OddShape(f"“{key}” is not a number")
    return float(min(max(value, SHORTEST_LIFE), LONGEST_LIFE))
