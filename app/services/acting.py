"""As whom the app acts in Zendesk: in that person's name its changes and comments are shown there."""

import hashlib
from contextlib import suppress

from sqlalchemy import select

from app.extensions import db
from app.models import OAuthToken
from app.services import connection
from app.services.connection import NotConnected
from app.services.remembered import recalled, remembered
from app.zendesk.client import Client
from app.zendesk.errors import ZendeskError

KEPT_SECONDS = 86_400


def learn(client: Client) -> None:
    """Ask Zendesk, unless it told within a day. A plan is good without it, so no trouble is told."""
    with suppress(ZendeskError, NotConnected):
        key = _key()
        db.session.commit()  # no transaction is held across a call to Zendesk
        remembered(key, KEPT_SECONDS, lambda: client.me().name)


def remark() -> str:
    """A sentence for a plan, of what was learned. Empty while that is nothing; Zendesk is not asked."""
    try:
        name = recalled(_key())
    except NotConnected:
        return ""
    return (
        f"Zendesk shows what is changed as done by {name}, as whom we are connected."
        if name
        else ""
    )


def _key() -> str:
    """Another one as soon as somebody else may be meant."""
    choice = connection.chosen()
    way = {"base_url": choice.base_url, "client_id": choice.client_id, "method": choice.method}
    # Empty before the first token as after it: only an admin's consent says whose it is.
    person = db.session.scalar(select(OAuthToken.person).filter_by(**way)) or ""
    meant = (*way.values(), choice.email, person)
    return f"acting-as:{hashlib.sha256(repr(meant).encode()).hexdigest()[:16]}"
