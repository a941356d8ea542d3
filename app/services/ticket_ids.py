"""Ticket ids as people have them: pasted in any way, or in a column of a CSV file."""

import csv
import io
import re
from dataclasses import dataclass

_BETWEEN = re.compile(r"[\s,;]+")
# “#123” as Zendesk writes it, “123”, or the address of a ticket, of which browsers give several forms.
_ID = re.compile(
    r"(?:#|https?://[^/\s]+/(?:agent/|hc/[\w-]+/requests/)?(?:#/)?(?:tickets/)?)?([0-9]{1,18})/?"
)
# What the column of ids is called in Zendesk's own exports, and by people.
_USUAL_NAMES = ("ticket id", "ticket_id", "ticketid", "id", "ticket", "ticket number", "#")
_DELIMITERS = ",;\t|"
_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class FileRefused(ValueError):
    """The file has no column of ids that could be told. Its message is for the person who sent it."""


class NoTicket(ValueError):
    """What was typed means no ticket, or several. Its message is for whoever typed it."""


@dataclass(frozen=True)
class TicketIds:
    """`ids`, each once, in the order given; `bad` are the lines that hold something else, by number from 1."""

    ids: list[int]
    bad: dict[int, str]


def parse_ids(text: str) -> TicketIds:
    """The ticket ids in a text, separated by spaces, commas, semicolons or lines."""
    ids: dict[int, None] = {}
    bad: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for word in filter(None, _BETWEEN.split(line)):
            if (match := _ID.fullmatch(word)) and int(match[1]):
                ids[int(match[1])] = None
            else:
                bad.setdefault(number, word)
    return TicketIds(list(ids), bad)


def the_one(text: str) -> int:
    """The ticket that is meant by its number, as “#123”, or by its address in Zendesk. Raises NoTicket."""
    found = parse_ids(text)
    if found.bad or not found.ids:
        raise NoTicket(
            "Type the number of a ticket, like 12345, or paste its address from Zendesk."
        )
    if len(found.ids) > 1:
        raise NoTicket("Type the number of one ticket only.")
    return found.ids[0]


def column_of_ids(content: bytes, column: str = "") -> str:
    """The cells of a CSV file's column of ids, a line each, so that lines keep their numbers.

    `column` is its name in the first line; without one, a usual name is looked for, and a file of one column has no
    choice. Raises FileRefused.
    """
    rows = _rows(_text(content))
    if not rows:
        raise FileRefused("The file is empty.")
    head = [cell.strip() for cell in rows[0]]
    place, is_named = _place(head, column.strip())
    cells = [" ".join(row[place].split()) if place < len(row) else "" for row in rows]
    return "\n".join(["", *cells[1:]] if is_named else cells)


def _place(head: list[str], wanted: str) -> tuple[int, bool]:
    """Where the column is, and whether the first line names it."""
    names = [name.casefold() for name in head]
    if wanted:
        if wanted.casefold() in names:
            return names.index(wanted.casefold()), True
        raise FileRefused(f"The file has no column “{wanted}”. {_columns(head)}")
    for name in _USUAL_NAMES:
        if name in names:
            return names.index(name), True
    if len(head) == 1:
        return 0, not _ID.fullmatch(head[0])
    raise FileRefused(f"Which column holds the ticket ids? Type its name. {_columns(head)}")


def _columns(head: list[str]) -> str:
    shown = ", ".join(f"“{name[:40]}”" for name in head[:20])
    return f"Its columns are {shown}{' and more' if len(head) > 20 else ''}."


def _rows(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise FileRefused(f"The file is no CSV file ({error}).") from None
    return rows if any(any(cell.strip() for cell in row) for row in rows) else []


def _text(content: bytes) -> str:
    """What spreadsheets save: UTF-8 or UTF-16 with a mark, or what was usual in the west before."""
    for mark, encoding in _ENCODINGS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
