"""Tickets as JSON text, those that were asked for lately: to write one anew costs most of an answer."""

from collections import OrderedDict

from .answers import written
from .ticket import Ticket

_KEPT = 20_000  # texts, some 1.5 kB each


class Renderings:
    """Of one base URL only, since clients of one sandbox all use the same."""

    def __init__(self) -> None:
        self._base_url = ""
        self._texts: OrderedDict[int, bytes] = OrderedDict()

    def known(self, ticket_id: int, base_url: str) -> bytes | None:
        if base_url != self._base_url:
            self._base_url = base_url
            self._texts.clear()
        text = self._texts.get(ticket_id)
        if text is not None:
            self._texts.move_to_end(ticket_id)
        return text

    def write(self, ticket: Ticket, base_url: str) -> bytes:
        text = self._texts[ticket.id] = written(ticket.to_json(base_url))
        if len(self._texts) > _KEPT:
            self._texts.popitem(last=False)
        return text

    def forget(self, ticket_id: int) -> None:
        """The ticket has changed."""
        self._texts.pop(ticket_id, None)
