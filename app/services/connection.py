"""The connection to Zendesk: which account, and how to sign in. The database wins over the environment."""

import re
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import ZendeskSettings
from app.services import budget
from app.zendesk.client import Client
from app.zendesk.sign_in import ApiToken, OAuthClient, SignIn

_SUBDOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*")


class NotConnected(Exception):
    """No usable Zendesk account is set. Its message says what is missing."""


@dataclass(frozen=True)
class Account:
    subdomain: str
    base_url: str
    sign_in: SignIn

    def ticket_url(self, ticket_id: int) -> str:
        return f"{self.base_url}/agent/tickets/{ticket_id}"


def account() -> Account:
    """The account in use. Raises NotConnected."""
    settings = db.session.scalar(select(ZendeskSettings)) or _from_environment()
    if not _SUBDOMAIN.fullmatch(settings.subdomain):
        raise NotConnected(_what_is_missing(settings.subdomain))
    base_url = current_app.config["ZENDESK_BASE_URL"] or f"https://{settings.subdomain}.zendesk.com"
    return Account(settings.subdomain, base_url.rstrip("/"), _sign_in(settings, base_url))


def client(job_id: str | None = None) -> Client:
    """A client for the account in use, for a job or, without one, for a page. Raises NotConnected.

    Commits: no transaction may be held across a call to Zendesk, which can take seconds.
    """
    here = account()
    db.session.commit()
    return Client(
        here.base_url,
        here.sign_in,
        current_app.config.get("ZENDESK_TRANSPORT"),
        turnstile=budget.turn(here.base_url, job_id),
    )


def _from_environment() -> ZendeskSettings:
    config = current_app.config
    return ZendeskSettings(
        subdomain=config["ZENDESK_SUBDOMAIN"],
        oauth_client_id=config["ZENDESK_OAUTH_CLIENT_ID"],
        oauth_client_secret=config["ZENDESK_OAUTH_CLIENT_SECRET"],
        email=config["ZENDESK_EMAIL"],
        api_token=config["ZENDESK_API_TOKEN"],
    )


def _sign_in(settings: ZendeskSettings, base_url: str) -> SignIn:
    if settings.oauth_client_id and settings.oauth_client_secret:
        return _oauth_client(base_url, settings.oauth_client_id, settings.oauth_client_secret)
    if settings.email and settings.api_token:
        return ApiToken(settings.email, settings.api_token)
    raise NotConnected(
        "Giga Tools has no credentials for Zendesk. Set ZENDESK_OAUTH_CLIENT_ID and "
        "ZENDESK_OAUTH_CLIENT_SECRET, and restart."
    )


def _oauth_client(base_url: str, client_id: str, secret: str) -> OAuthClient:
    """One for each process and account, since it keeps the access token that it was given."""
    kept: dict[tuple[str, ...], OAuthClient]
    kept = current_app.extensions.setdefault("oauth_clients", {})
    return kept.setdefault((base_url, client_id, secret), OAuthClient(client_id, secret))


def _what_is_missing(subdomain: str) -> str:
    if not subdomain:
        return (
            "Giga Tools is not connected to a Zendesk account yet. Set ZENDESK_SUBDOMAIN and the "
            "credentials (README, “A real Zendesk”), and restart."
        )
    return (
        f"“{subdomain[:63]}” is not a Zendesk subdomain. It is the first part of your Zendesk address: "
        "acme for https://acme.zendesk.com."
    )
