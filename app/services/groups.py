"""The account's groups, by name."""

from sqlalchemy import select

from app.extensions import db
from app.models import ZendeskName
from app.services import connection
from app.services.remembered import remembered
from app.zendesk.transport import Timeouts

KEPT_SECONDS = 60
# Somebody waits in front of a page.
PATIENCE = Timeouts(connect=3.0, answer=8.0)


def listed() -> dict[int, str]:
    """Names by id, as the local copy of the macros has them. Where it has none, Zendesk is asked.

    Raises ZendeskError or NotConnected when they cannot be had.
    """
    wanted = select(ZendeskName.number, ZendeskName.name).where(ZendeskName.kind == "group")
    copied = db.session.execute(wanted.order_by(ZendeskName.name))
    return {row.number: row.name for row in copied} or _asked()


def _asked() -> dict[int, str]:
    client = connection.client(timeouts=PATIENCE)
    kept = remembered(
        f"listed-groups:{client.base_url}",
        KEPT_SECONDS,
        lambda: [[group.id, group.name] for group in client.groups() if not group.deleted],
    )
    return {int(number): name for number, name in kept}
