"""Tags that are options of custom fields: Zendesk lets the field's value come and go with the tag."""

from collections.abc import Iterable
from typing import Any

from app.services.remembered import remembered
from app.zendesk.client import Client
from app.zendesk.errors import Forbidden, NotFound
from app.zendesk.resources import TicketField

KEPT_SECONDS = 600
NAMED = 8  # fields
_WITH_OPTIONS = frozenset({"tagger", "multiselect"})


def remarks(client: Client, tags: Iterable[str]) -> list[str]:
    """What to know before these tags are taken away, a sentence for each that is an option. Raises ZendeskError."""
    titles = _titles(client)
    return [
        f"The tag {tag} belongs to the field “{titles[tag]}”: a ticket that loses the tag loses this value of "
        "the field too."
        for tag in sorted(tags)
        if tag in titles
    ]


def remarks_on_all(client: Client) -> list[str]:
    """What to know before all tags but a few are taken away. Raises ZendeskError."""
    fields = sorted(set(_titles(client).values()))
    if not fields:
        return []
    more = f" and {len(fields) - NAMED} more" if len(fields) > NAMED else ""
    return [
        f"Some tags belong to fields ({', '.join(fields[:NAMED])}{more}): a ticket that loses such a tag loses this "
        "value of the field too."
    ]


def _titles(client: Client) -> dict[str, str]:
    """The field of each tag that is an option, as it was within the last minutes."""
    return remembered(f"bound-tags:{client.base_url}", KEPT_SECONDS, lambda: _ask(client))


def _ask(client: Client) -> dict[str, str]:
    try:
        fields = list(client.ticket_fields())
    except (Forbidden, NotFound):
        return {}  # the connection's user may not see them, and can be told nothing
    return {tag: field.title for field in fields if field.active for tag in _tags_of(field)}


def _tags_of(field: TicketField) -> list[Any]:
    if field.type == "checkbox":
        return [field.tag] if field.tag else []
    return [option.value for option in field.options] if field.type in _WITH_OPTIONS else []
