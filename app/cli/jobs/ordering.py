"""What is ordered: by options that are easy to type, or as programs send it. Both are checked as the API's are."""

import json
from pathlib import Path
from typing import Any, BinaryIO

import click

from app.cli.jobs.group import refuse
from app.forms import mistakes, orders
from app.forms.mistakes import Mistake, Mistaken, NotJson
from app.services.ticket_ids import FileRefused, column_of_ids, parse_ids

TAGS, MACRO = "tag-manager", "apply-macro-to-view"

# By what is typed, where something is wrong with it.
_TYPED = {
    "tool": "--tool",
    "operation": "--operation",
    "tags": "--tag",
    "old_tag": "--old-tag",
    "new_tag": "--new-tag",
    "macro_id": "--macro",
    "limit": "--limit",
    "reason": "--reason",
    "selection": "which tickets",
    "selection.view_id": "--view",
    "selection.view_ids": "--view",
    "selection.search": "--search",
    "selection.ticket_ids": "--tickets",
    "selection.job_id": "--job",
    "selection.outcomes": "--outcome",
}

_OPTIONS = [
    click.option("--tool", metavar="NAME", help=f"{TAGS} or {MACRO}: told by the other options."),
    click.option(
        "--operation", metavar="NAME", help="add_tags, remove_tags, rename_tag, set_tags."
    ),
    click.option("--tag", "tags", multiple=True, help="May be given several times."),
    click.option("--no-tags", is_flag=True, help="With set_tags: take all tags away."),
    click.option("--old-tag", help="With rename_tag."),
    click.option("--new-tag", help="With rename_tag."),
    click.option("--macro", "macro_id", type=int, metavar="ID"),
    click.option("--view", "views", type=int, multiple=True, metavar="ID", help="Or several."),
    click.option("--search", metavar="QUERY", help="A search, as Zendesk has it."),
    click.option("--tickets", metavar="1,2,3", help="Tickets by their numbers."),
    click.option(
        "--file", type=click.File("rb"), help="A CSV file with ticket numbers; - to pipe."
    ),
    click.option("--column", default="", help="The name of the file's column of numbers."),
    click.option("--job", metavar="ID", help="The tickets of an earlier job, with --outcome."),
    click.option("--outcome", "outcomes", multiple=True, help="Such as failed. May be repeated."),
    click.option("--limit", type=int, help="How many tickets at most: 500, unless you say more."),
    click.option("--reason", help="Why, for those who look at the job later."),
    click.option(
        "--order", type=click.File("rb"), help="All of that as the API's JSON; - to pipe."
    ),
]


def options(function: Any) -> Any:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def checked(order: BinaryIO | None, typed: dict[str, Any]) -> Any:
    """What was ordered, as the API understands it."""
    if order is not None:
        if any(typed.values()):
            raise click.UsageError("With --order, everything else is in there.")
        return _checked(order.read(), _as_sent)
    return _checked(json.dumps(_sent(**typed)).encode(), _as_typed)


def _checked(raw: bytes, named: Any) -> Any:
    try:
        return mistakes.checked(orders.adapter(), raw)
    except NotJson:
        raise refuse("The order is no JSON.") from None
    except Mistaken as error:
        raise refuse("\n".join(map(named, error.mistakes)).replace("\n", " ")) from None


def _as_sent(mistake: Mistake) -> str:
    return f"{mistake.field}: {mistake.words}" if mistake.field else mistake.words


def _as_typed(mistake: Mistake) -> str:
    name = ".".join(part for part in mistake.field.split(".") if not part.isdecimal())
    return f"{_TYPED.get(name, name)}: {mistake.words}"


def _sent(
    *, tool: str | None, macro_id: int | None, limit: int | None, reason: str | None, **typed: Any
) -> dict[str, Any]:
    told = {
        "tool": tool or (MACRO if macro_id is not None else TAGS),
        "operation": typed["operation"],
        "tags": [] if typed["no_tags"] else list(typed["tags"]) or None,
        "old_tag": typed["old_tag"],
        "new_tag": typed["new_tag"],
        "macro_id": macro_id,
        "selection": _selection(**typed),
        "limit": limit,
        "reason": reason,
    }
    return {name: value for name, value in told.items() if value is not None}


def _selection(
    *,
    views: tuple[int, ...],
    search: str | None,
    tickets: str | None,
    file: BinaryIO | None,
    column: str,
    job: str | None,
    outcomes: tuple[str, ...],
    **_: Any,
) -> dict[str, Any]:
    ways = [views, search is not None, tickets is not None, file is not None, job is not None]
    if sum(map(bool, ways)) != 1:
        raise click.UsageError(
            "Say which tickets, in one way: --view, --search, --tickets, --file, or --job with --outcome."
        )
    if job is not None:
        return {"job_id": job, "outcomes": list(outcomes)}
    if search is not None:
        return {"search": search}
    if views:
        return {"view_id": views[0]} if len(views) == 1 else {"view_ids": list(views)}
    return {"ticket_ids": _ids(tickets) if file is None else _ids_in(file, column)}


def _ids(text: str | None) -> list[int]:
    found = parse_ids(text or "")
    if found.bad:
        number, word = next(iter(found.bad.items()))
        where = f" in line {number}" if number > 1 else ""
        raise refuse(f"“{word[:40]}”{where} is no ticket number.")
    return found.ids


def _ids_in(file: BinaryIO, column: str) -> list[int]:
    try:
        return _ids(column_of_ids(file.read(), column))
    except FileRefused as error:
        raise refuse(f"{Path(file.name).name}: {error}") from None
