"""OAuth as Zendesk does it: clients, codes that work once, and tokens that end, rotate and are revoked."""

import os
from base64 import urlsafe_b64encode
from dataclasses import astuple, dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from .answers import Answer, Refusal, bad_token, refusal
from .clock import SECOND, Clock, to_iso
from .settings import Settings
from .storage import Storage

# Scopes for one resource, as in `tickets:read`. Any other name is accepted, and then good for nothing.
_RESOURCES = (
    "any_channel apps auditlogs automations dynamic_content groups hc incremental job_statuses macros "
    "organizations requests satisfaction_ratings search tags targets ticket_fields ticket_forms tickets "
    "triggers users views web_widget webhooks zis"
)
RESOURCES = frozenset(_RESOURCES.split())
GENERAL = frozenset({"read", "write", "impersonate"})


@dataclass(frozen=True)
class OAuthClient:
    id: int
    name: str
    secret: str
    owner: str  # the email of the person as whom tokens of the client credentials grant act


CLIENTS = {
    client.name: client
    for client in (
        OAuthClient(4_001, "sandbox-client", "sandbox-secret", "admin@sandbox.test"),
        OAuthClient(4_002, "agent-client", "sandbox-secret", "agent@sandbox.test"),
        OAuthClient(4_003, "customer-client", "sandbox-secret", "customer@sandbox.test"),
    )
}


@dataclass(frozen=True)
class Token:
    """An access token, and the refresh token that it came with; times are virtual microseconds."""

    id: int
    access: str
    refresh: str | None
    client: str
    user: str
    scopes: str
    created: int
    expires: int
    refresh_expires: int

    def to_json(self, user_id: int) -> dict[str, Any]:
        return {
            "id": self.id,
            "client_id": CLIENTS[self.client].id,
            "user_id": user_id,
            "token": self.access[:10],
            "refresh_token": self.refresh[:10] if self.refresh else None,
            "scopes": self.scopes.split(),
            "created_at": to_iso(self.created),
            "expires_at": to_iso(self.expires),
        }


@dataclass(frozen=True)
class Consent:
    """What a person has been asked to allow, as the address of the page says it."""

    client: str
    redirect_uri: str
    scopes: str
    state: str
    challenge: str
    user: str = ""
    expires: int = field(default=0, compare=False)


class Tokens:
    def __init__(self, settings: Settings, clock: Clock, storage: Storage) -> None:
        self.settings, self._clock, self._storage = settings, clock, storage
        kept = [Token(*row) for row in storage.read("SELECT * FROM access_tokens ORDER BY id")]
        self._tokens = {token.access: token for token in kept}
        self._by_refresh = {token.refresh: token for token in kept if token.refresh}
        self._last_id = kept[-1].id if kept else 0
        self._codes: dict[str, Consent] = {}

    def living(self, access: str) -> Token:
        """The token. Refused if there is none such, or its time is over."""
        token = self._tokens.get(access)
        if token is None or token.expires <= self._clock.now():
            raise bad_token()
        return token

    def issue(self, client: str, user: str, scopes: str, *, refreshable: bool) -> Token:
        now, self._last_id = self._clock.now(), self._last_id + 1
        token = Token(
            id=self._last_id,
            access=os.urandom(24).hex(),
            refresh=os.urandom(24).hex() if refreshable else None,
            client=client,
            user=user,
            scopes=scopes,
            created=now,
            expires=now + self._real(self.settings.token_lifetime),
            refresh_expires=now + self._real(self.settings.refresh_lifetime),
        )
        self._tokens[token.access] = token
        if token.refresh:
            self._by_refresh[token.refresh] = token
        row = astuple(token)
        self._storage.write("INSERT INTO access_tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return token

    def permit(self, consent: Consent, user: str) -> str:
        """A code that the client may exchange once, and soon."""
        code = os.urandom(24).hex()
        expires = self._clock.now() + self._real(self.settings.code_lifetime)
        given = vars(consent) | {"user": user, "expires": expires}
        self._codes[code] = Consent(**given)
        return code

    def exchange(self, client: str, code: str, redirect_uri: str, verifier: str) -> Token:
        consent = self._codes.pop(code, None)
        if (
            consent is None
            or consent.expires <= self._clock.now()
            or (consent.client, consent.redirect_uri) != (client, redirect_uri)
            or not _proves(consent.challenge, verifier)
        ):
            raise bad_grant()
        return self.issue(client, consent.user, consent.scopes, refreshable=True)

    def refresh(self, client: str, refresh: str) -> Token:
        """A new pair; the old one dies at once."""
        old = self._by_refresh.get(refresh)
        if old is None or old.client != client or old.refresh_expires <= self._clock.now():
            raise bad_grant()
        self.revoke(old)
        return self.issue(client, old.user, old.scopes, refreshable=True)

    def revoke(self, token: Token) -> None:
        self._tokens.pop(token.access, None)
        if token.refresh:
            self._by_refresh.pop(token.refresh, None)
        self._storage.write("DELETE FROM access_tokens WHERE id = ?", (token.id,))

    def revoke_all(self) -> int:
        """As an admin does who deletes a client's tokens in Zendesk. How many there were."""
        everything = list(self._tokens.values())
        for token in everything:
            self.revoke(token)
        return len(everything)

    def end_access(self) -> None:
        """Let every access token's time be over; refresh tokens stay good."""
        for token in self._tokens.values():
            ended = Token(**{**vars(token), "expires": self._clock.now()})
            self._tokens[token.access] = ended
            if token.refresh:
                self._by_refresh[token.refresh] = ended
        self._storage.write("UPDATE access_tokens SET expires = ?", (self._clock.now(),))

    def _real(self, seconds: int) -> int:
        return int(seconds * self._clock.speed * SECOND)


def check_scopes(token: Token, method: str, route: str) -> None:
    """Refused where the token may not do this. One unknown scope name spoils the whole token."""
    needed = "read" if method in {"GET", "HEAD"} else "write"
    resource = route.removeprefix("/api/v2/").split("/")[0]
    scopes = set(token.scopes.split())
    if not all(map(is_known, scopes)) or not scopes & {needed, f"{resource}:{needed}"}:
        raise refusal(403, "Forbidden", f"Missing the following required scopes: {needed}")


def is_known(scope: str) -> bool:
    resource, _, right = scope.partition(":")
    return scope in GENERAL or (resource in RESOURCES and right in {"read", "write"})


def client_of(form: dict[str, Any]) -> OAuthClient:
    """The client that proves itself in this form."""
    client = CLIENTS.get(str(form.get("client_id")))
    secret = str(form.get("client_secret", ""))
    if client is None or not compare_digest(client.secret.encode(), secret.encode()):
        raise oauth_refusal(401, "invalid_client", "Client authentication failed.")
    return client


def bad_grant() -> Refusal:
    words = (
        "The provided authorization grant (e.g., authorization code, resource owner credentials) or"
        " refresh token is invalid, expired, revoked, does not match the redirection URI used in the"
        " authorization request, or was issued to another client."
    )
    return oauth_refusal(400, "invalid_grant", words)


def oauth_refusal(status: int, error: str, description: str) -> Refusal:
    return Refusal(Answer({"error": error, "error_description": description}, status))


def _proves(challenge: str, verifier: str) -> bool:
    """Does the verifier belong to the challenge (PKCE, S256)? Without a challenge nothing is to be proved."""
    if not challenge:
        return True
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    return compare_digest(digest.encode(), challenge.encode())
