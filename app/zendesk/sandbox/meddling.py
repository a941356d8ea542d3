"""Somebody else who edits tickets while Zendesk's jobs wait for their turn."""

from .chance import happens
from .desk import Desk
from .settings import Settings

MARK = "edited-by-somebody-else"


def meddle(desk: Desk, settings: Settings, job: int, ticket_id: int, moment: int) -> None:
    """Perhaps edit the ticket just before a job reaches it: it gains or loses a tag."""
    if not settings.meddling or not happens(settings.meddling, settings.fault_seed, job, ticket_id):
        return
    ticket = desk.tickets.get(ticket_id)
    # Nobody can edit a closed ticket, nor one that is gone.
    if ticket and ticket.status != "closed":
        change = "remove_tags" if MARK in ticket.tags else "additional_tags"
        desk.edit(ticket_id, {change: [MARK]}, at=moment)
