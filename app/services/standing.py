"""How the connection stands: what an admin's page shows of it, without asking Zendesk."""

from dataclasses import dataclass
from datetime import datetime

from app.database import now
from app.extensions import db
from app.models import Method, OAuthToken, ZendeskSettings
from app.services import connecting, connection
from app.services.connection import Choice, NotConnected, Source
from app.zendesk.errors import SignInNeeded


@dataclass(frozen=True)
class Standing:
    """`trouble` says why there is nothing to show, or what is missing."""

    choice: Choice | None
    trouble: str
    token: OAuthToken | None
    stored_client_id: str
    stored_email: str
    has_stored_secret: bool
    environment: Choice
    unfinished_jobs: int
    is_new: bool  # nobody has set anything, here or in the environment

    @property
    def is_in_database(self) -> bool:
        return self.choice is not None and self.choice.source is Source.DATABASE

    @property
    def by_consent(self) -> bool:
        return self.choice is not None and self.choice.method is Method.AUTHORIZATION_CODE

    @property
    def can_connect(self) -> bool:
        """Is there an OAuth client to connect with?"""
        return self.choice is not None and bool(self.choice.client_id and self.choice.client_secret)

    @property
    def is_connected(self) -> bool:
        return self.token is not None and self.token.refresh_token is not None

    @property
    def is_ready(self) -> bool:
        """Is all there that jobs need? Zendesk may still refuse it."""
        if self.trouble or (self.token is not None and self.token.needs_reconnect):
            return False
        return self.is_connected or not self.by_consent

    @property
    def good_until(self) -> datetime | None:
        """When the access token ends, if it is good now."""
        token = self.token
        return token.expires_at if token is not None and token.is_alive(now()) else None


def look() -> Standing:
    """Commits: the token is read in a transaction of its own, for which ours must not stand in the way."""
    trouble, choice, token, stored, is_new = "", None, None, ZendeskSettings(), False
    unfinished = connecting.unfinished_jobs()
    try:
        row = connection.stored_settings()
        is_new = row is None and not connection.environment().subdomain
        stored = row or stored
        choice = connection.chosen()
        connection.account()
    except NotConnected as error:
        trouble = str(error)
    standing = {
        "stored_client_id": stored.oauth_client_id or "",
        "stored_email": stored.email or "",
        "has_stored_secret": bool(stored.oauth_client_secret or stored.api_token),
        "environment": connection.environment(),
        "unfinished_jobs": unfinished,
        "is_new": is_new,
    }
    db.session.commit()
    try:
        token = choice.keeper.look() if choice and choice.method.is_oauth else None
    except SignInNeeded as error:
        trouble = str(error)
    return Standing(choice, trouble, token, **standing)
