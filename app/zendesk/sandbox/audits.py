"""A ticket's audits, worked out from the truth log and from the ticket as it is: none are kept."""

from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

from .changes import Effect
from .clock import from_iso, to_iso
from .desk import Desk
from .fields import RESOLUTION_FIELD
from .markup import as_text
from .ticket import Ticket
from .truth import OUTSIDE, TRIGGER

_FROM_TRUTH = 10_000_000_000  # audits from the truth log have ids above, those made up below
_SOMEBODY = 9_003
_SILENT = frozenset({"id", "created_at", "updated_at", "generated_at", "description", "channel"})
_REPLIES = (
    "Thank you for writing to us. We are looking into it.",
    "Hello,\n\nplease try it once more and tell us what you see.",
    "We have found the cause. It should work now.",
    "Vielen Dank, wir kümmern uns darum.",
    "Sorry about that! A colleague of mine will call you.",
)


class Step(NamedTuple):
    """What one audit is about: the ticket before and after it, None before it was made."""

    id: int
    at: int
    author_id: int | None
    channel: str
    before: Ticket | None
    after: Ticket
    comment: dict[str, Any] | None
    asked: dict[str, Any]


def audits(desk: Desk, ticket: Ticket) -> list[dict[str, Any]]:
    """All audits of the ticket, oldest first."""
    return [_audit(desk, step) for step in _steps(desk, ticket)]


def audit_of(
    desk: Desk, done: Effect, cursor: int, author_id: int, asked: dict[str, Any]
) -> dict[str, Any]:
    """The audit of an update that was just delivered, without events if it changed nothing."""
    before = _rewound(done.after, done.fields, set(done.added), set(done.removed))
    at, number = done.after.touched_at, _FROM_TRUTH + cursor
    return _audit(desk, Step(number, at, author_id, "api", before, done.after, done.comment, asked))


def created_audit(
    desk: Desk, ticket: Ticket, author_id: int, metadata: dict[str, Any] | None
) -> dict[str, Any]:
    asked = {"metadata": metadata}
    said = {"body": ticket.description, "public": True}
    at = ticket.created_at
    return _audit(desk, Step(2 * ticket.id, at, author_id, "api", None, ticket, said, asked))


def comments(desk: Desk, ticket: Ticket) -> list[dict[str, Any]]:
    """All comments of the ticket, oldest first."""
    return [
        {
            **{name: value for name, value in event.items() if name != "previous_value"},
            "via": audit["via"],
            "created_at": audit["created_at"],
            "metadata": audit["metadata"],
        }
        for audit in audits(desk, ticket)
        for event in audit["events"]
        if event["type"] == "Comment"
    ]


def newest_audits(desk: Desk, below: int | None, most: int) -> list[dict[str, Any]]:
    """Audits of all tickets that lists show, the newest id first, those with ids below `below`."""
    found: list[dict[str, Any]] = []
    for number, ticket_id in _numbers(desk, below):
        ticket = desk.tickets.get(ticket_id)
        if ticket and not desk.is_archived(ticket):
            found += [audit for audit in audits(desk, ticket) if audit["id"] == number]
        if len(found) == most:
            break
    return found


def _numbers(desk: Desk, below: int | None) -> Iterator[tuple[int, int]]:
    """Ids that audits may have, with their tickets, from the newest on."""
    if below is None or below > _FROM_TRUTH:
        newest = None if below is None else below - _FROM_TRUTH
        for cursor, ticket_id in desk.truth.effective_before(newest):
            yield _FROM_TRUTH + cursor, ticket_id
    ids = desk.tickets.ids
    for place in range(len(ids) - 1, -1, -1):
        for number in (2 * ids[place] + 1, 2 * ids[place]):
            if below is None or number < below:
                yield number, ids[place]


def _steps(desk: Desk, ticket: Ticket) -> list[Step]:
    entries = desk.truth.entries(ticket.id)
    made_by = next((entry for entry in entries if entry["via"] == "post"), None)
    later: list[Step] = []
    after = ticket
    for entry in reversed([entry for entry in entries if entry["effective"]]):
        added, removed = set(entry["added_tags"]), set(entry["removed_tags"])
        before = _rewound(after, entry["fields"], added, removed)
        later.append(_step(entry, before, after))
        after = before
    made = desk.tickets.as_made(ticket.id)
    first = _first_steps(made) if made else [_creation(after, made_by)]
    return first + later[::-1]


def _step(entry: dict[str, Any], before: Ticket, after: Ticket) -> Step:
    is_outside = entry["via"] in (OUTSIDE, TRIGGER)
    number, author = _FROM_TRUTH + entry["cursor"], entry["author_id"]
    channel = "web" if is_outside else "api"
    author = _SOMEBODY if author is None else author
    moment = from_iso(entry["at"])
    return Step(
        number, moment, author, channel, before, after, entry["comment"], entry["asked"] or {}
    )


def _creation(ticket: Ticket, made_by: dict[str, Any] | None) -> Step:
    author = made_by["author_id"] if made_by else ticket.requester_id
    asked = made_by["asked"] if made_by else {}
    said = {"body": ticket.description, "public": True}
    at, channel = ticket.created_at, ticket.channel
    return Step(2 * ticket.id, at, author, channel, None, ticket, said, asked)


def _first_steps(made: Ticket) -> list[Step]:
    """The history that a generated ticket must have had: it came in, and somebody took it on."""
    if made.status == "new":
        return [_creation(made, None)]
    kept = {number: value for number, value in made.custom_fields if number != RESOLUTION_FIELD}
    resolution = dict(made.custom_fields).get(RESOLUTION_FIELD)
    earlier = made._replace(
        status="new",
        own_status_id=None,
        assignee_id=None,
        tags=tuple(tag for tag in made.tags if tag != resolution),
        custom_fields=(*kept.items(), (RESOLUTION_FIELD, None)),
    )
    author = made.assignee_id or _SOMEBODY
    said = {"body": _REPLIES[made.id % len(_REPLIES)], "public": made.status != "hold"}
    taken_on = Step(2 * made.id + 1, made.updated_at, author, "web", earlier, made, said, {})
    return [_creation(earlier, None), taken_on]


def _rewound(
    after: Ticket, fields: dict[str, list[Any]], added: set[str], removed: set[str]
) -> Ticket:
    """The ticket before a change of these fields (old and new values) and tags."""
    old = {name: values[0] for name, values in fields.items()}
    if "custom_fields" in old:
        old["custom_fields"] = tuple((number, value) for number, value in old["custom_fields"])
    if "follower_ids" in old:
        old["follower_ids"] = tuple(old["follower_ids"])
    tags = tuple(sorted((set(after.tags) - added) | removed))
    return after._replace(**old, tags=tags)


def _audit(desk: Desk, step: Step) -> dict[str, Any]:
    events = [*_comment_events(step), *_field_events(step), *_macro_events(desk, step)]
    for place, event in enumerate(events):
        event["id"] = step.id * 100 + place
    return {
        "id": step.id,
        "ticket_id": step.after.id,
        "created_at": to_iso(step.at),
        "author_id": step.author_id,
        "metadata": {
            "system": {"client": "sandbox", "ip_address": "192.0.2.7", "location": "Northwick"},
            "custom": step.asked.get("metadata") or {},
        },
        "events": events,
        "via": {"channel": step.channel, "source": {"from": {}, "to": {}, "rel": None}},
    }


def _comment_events(step: Step) -> list[dict[str, Any]]:
    if not step.comment:
        return []
    body = step.comment["body"]
    html = step.comment.get("html_body") or f"<p>{escape(body, quote=False)}</p>".replace(
        "\n", "<br>"
    )
    return [
        {
            "id": 0,
            "type": "Comment",
            "author_id": step.author_id,
            "body": body,
            "html_body": f'<div class="zd-comment" dir="auto">{html}</div>',
            "plain_body": as_text(html),
            "public": step.comment["public"],
            "attachments": [],
            "audit_id": step.id,
        }
    ]


def _field_events(step: Step) -> list[dict[str, Any]]:
    before = _values(step.before) if step.before else {}
    events = []
    for name, value in _values(step.after).items():
        former = before.get(name)
        if value == former:
            continue
        event = {"id": 0, "type": "Create", "field_name": name, "value": value}
        if step.before:
            event |= {"type": "Change", "previous_value": former}
        events.append(event)
    return events


def _values(ticket: Ticket) -> dict[str, Any]:
    """Values by the names that audits have for them. Ids are strings there, as Zendesk has it."""
    values: dict[str, Any] = {
        name: str(value) if name.endswith("_id") and value is not None else value
        for name, value in ticket._asdict().items()
        if name not in _SILENT and name not in ("custom_fields", "own_status_id")
    }
    values |= {"tags": list(ticket.tags), "follower_ids": list(ticket.follower_ids) or None}
    values["custom_status_id"] = ticket.custom_status_id
    return values | {str(number): value for number, value in ticket.custom_fields}


def _macro_events(desk: Desk, step: Step) -> list[dict[str, Any]]:
    named = step.asked.get("macro_ids") or step.asked.get("macro_id") or []
    numbers = named if isinstance(named, list) else [named]
    events = []
    for number in numbers:
        macro = desk.macros.get(int(number)) if str(number).isdigit() else None
        events.append(
            {
                "id": 0,
                "type": "AgentMacroReference",
                "macro_id": str(number),
                "macro_title": macro.title if macro else None,
                "macro_deleted": macro is None,
            }
        )
    return events


def authors(desk: Desk, found: list[dict[str, Any]], base_url: str) -> list[dict[str, Any]]:
    """Whoever wrote these comments, for `include=users`."""
    people = (
        desk.directory.user(number)
        for number in dict.fromkeys(comment["author_id"] for comment in found)
    )
    return [desk.directory.user_to_json(person, base_url) for person in people if person]
