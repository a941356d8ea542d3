"""The connection to Zendesk: which account, and how to sign in. The database wins over the environment."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import Method, SecretUnreadable, ZendeskSettings
from app.services import budget, writing_stop
from app.services.tokens import Keeper
from app.zendesk.client import Client
from app.zendesk.oauth import OAuthApp
from app.zendesk.sign_in import ApiToken, OAuthTokens, SignIn
from app.zendesk.transport import Timeouts

NO_ACCOUNTS = {"www", "localhost"}
_SUBDOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class NotConnected(Exception):
    """No usable Zendesk account is set. Its message says what is missing."""


class Source(StrEnum):
    DATABASE = "database"
    ENVIRONMENT = "environment"


@dataclass(frozen=True)
class Choice:
    """What is set: the account, the way to sign in, and its credentials, some of which may be missing."""

    source: Source
    subdomain: str
    base_url: str
    method: Method
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    email: str = ""
    api_token: str = field(default="", repr=False)

    @property
    def is_complete(self) -> bool:
        if self.method.is_oauth:
            return bool(self.client_id and self.client_secret)
        return bool(self.email and self.api_token)

    def suits(self, subdomain: str) -> bool:
        """Are its credentials meant for this account? Those that name no account are for any."""
        return self.subdomain in ("", subdomain)

    @property
    def oauth_app(self) -> OAuthApp:
        return OAuthApp(self.client_id, self.client_secret)

    @property
    def keeper(self) -> Keeper:
        return Keeper(self.base_url, self.oauth_app, self.method)

    @property
    def sign_in(self) -> SignIn:
        if self.method.is_oauth:
            return OAuthTokens(self.keeper)
        return ApiToken(self.email, self.api_token)


@dataclass(frozen=True)
class Account:
    subdomain: str
    base_url: str
    sign_in: SignIn

    def ticket_url(self, ticket_id: int) -> str:
        return f"{self.base_url}/agent/tickets/{ticket_id}"

    def macro_url(self, macro_id: int) -> str:
        """Where it is edited. Whoever may not edit it is told so by Zendesk."""
        return f"{self.base_url}/admin/workspaces/agent-workspace/macros/{macro_id}"


def account() -> Account:
    """The account in use. Raises NotConnected."""
    choice = chosen()
    if not choice.is_complete:
        raise NotConnected(_MISSING[choice.method])
    return Account(choice.subdomain, choice.base_url, choice.sign_in)


def ticket_urls() -> Callable[[int], str] | None:
    """Where a ticket of this number is in Zendesk; None while there is no account."""
    try:
        return account().ticket_url
    except NotConnected:
        return None


def client(
    job_id: str | None = None,
    may_send: Callable[[], bool] = lambda: True,
    timeouts: Timeouts | None = None,
) -> Client:
    """A client for the account in use, for a job or, without one, for a page. Raises NotConnected.

    `may_send` is asked at the last moment before a call leaves, and before one that changes something, whether all
    writing is stopped. Commits, also where there is no account: no transaction may be held across a call to Zendesk,
    which can take seconds.
    """
    try:
        here = account()
    finally:
        db.session.commit()
    return Client(
        here.base_url,
        here.sign_in,
        current_app.config.get("ZENDESK_TRANSPORT"),
        timeouts,
        turnstile=budget.turns(here.base_url, job_id),
        may_send=may_send,
        may_write=writing_stop.may_write,
    )


def chosen() -> Choice:
    """What is set, complete or not. Raises NotConnected where not even an account is."""
    stored = stored_settings()
    choice = environment() if stored is None else _from_database(stored)
    if not _SUBDOMAIN.fullmatch(choice.subdomain):
        raise NotConnected(_what_is_missing(choice.subdomain))
    return choice


def stored_settings() -> ZendeskSettings | None:
    """The settings in the database, if any. Raises NotConnected if they cannot be decrypted."""
    try:
        return db.session.scalar(select(ZendeskSettings).order_by(ZendeskSettings.id).limit(1))
    except SecretUnreadable as error:
        raise NotConnected(str(error)) from None


def environment() -> Choice:
    """What the environment sets, whether or not it is in use."""
    config = current_app.config
    subdomain = config["ZENDESK_SUBDOMAIN"]
    has_client = config["ZENDESK_OAUTH_CLIENT_ID"] and config["ZENDESK_OAUTH_CLIENT_SECRET"]
    has_token = config["ZENDESK_EMAIL"] and config["ZENDESK_API_TOKEN"]
    by_token = has_token and not has_client
    return Choice(
        Source.ENVIRONMENT,
        subdomain,
        base_url_of(subdomain),
        Method.API_TOKEN if by_token else Method.CLIENT_CREDENTIALS,
        config["ZENDESK_OAUTH_CLIENT_ID"],
        config["ZENDESK_OAUTH_CLIENT_SECRET"],
        config["ZENDESK_EMAIL"],
        config["ZENDESK_API_TOKEN"],
    )


def base_url_of(subdomain: str) -> str:
    given = current_app.config["ZENDESK_BASE_URL"] or f"https://{subdomain}.zendesk.com"
    return given.rstrip("/")


def is_subdomain(text: str) -> bool:
    return bool(_SUBDOMAIN.fullmatch(text))


def parse_subdomain(typed: str) -> str:
    """The subdomain that somebody means: `acme`, or a pasted address of acme.zendesk.com.

    ValueError, with a sentence, for anything else: credentials go to no other host.
    """
    text = typed.strip().lower()
    pasted = re.fullmatch(r"(?:https?://)?([^/?#@:\\]+)\.zendesk\.com(?:[/?#].*)?", text)
    subdomain = pasted[1] if pasted else text
    if not _SUBDOMAIN.fullmatch(subdomain):
        raise ValueError(
            "Type the first part of your Zendesk address: acme for https://acme.zendesk.com. "
            "It has letters, digits and hyphens only."
        )
    if subdomain in NO_ACCOUNTS:
        raise ValueError(
            f"“{subdomain}” is no Zendesk account. Type the first part of the address at which your agents work: "
            "acme for https://acme.zendesk.com."
        )
    return subdomain


def _from_database(stored: ZendeskSettings) -> Choice:
    """What is empty in the database comes from the environment, unless that means another account."""
    method, env = Method(stored.method), environment()
    theirs = env if env.suits(stored.subdomain) else replace(env, **_NO_CREDENTIALS)
    return Choice(
        Source.DATABASE,
        stored.subdomain,
        base_url_of(stored.subdomain),
        method,
        *_pair(
            (stored.oauth_client_id, stored.oauth_client_secret),
            (theirs.client_id, theirs.client_secret),
        ),
        *_pair((stored.email, stored.api_token), (theirs.email, theirs.api_token)),
    )


def _pair(stored: tuple[str | None, str | None], fallback: tuple[str, str]) -> tuple[str, str]:
    """A name and its secret belong together: both are taken from one place."""
    name, secret = stored
    return (name or "", secret or "") if name or secret else fallback


_NO_CREDENTIALS = dict.fromkeys(("client_id", "client_secret", "email", "api_token"), "")
_MISSING = {
    Method.CLIENT_CREDENTIALS: (
        "Giga Tools has no credentials for Zendesk. An admin can enter an OAuth client on the Connection page."
    ),
    Method.AUTHORIZATION_CODE: (
        "The OAuth client that Giga Tools connects with is not complete. An admin can enter its identifier "
        "and secret on the Connection page."
    ),
    Method.API_TOKEN: (
        "Giga Tools signs in with an API token, but the email or the token is missing. An admin can enter "
        "them on the Connection page."
    ),
}


def _what_is_missing(subdomain: str) -> str:
    if not subdomain:
        return "Giga Tools is not connected to a Zendesk account yet. An admin can connect it on the Connection page."
    return (
        f"“{subdomain[:63]}” is not a Zendesk subdomain. It is the first part of your Zendesk address: "
        "acme for https://acme.zendesk.com."
    )
