"""What is wrong with what a program or a command was given: every mistake is named, in plain words."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple, Self

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

MOST_ERRORS = 20


class NotJson(ValueError):
    """It cannot be read at all."""


class Mistake(NamedTuple):
    """`field` is where: `selection.view_id`."""

    field: str
    words: str


class Mistaken(ValueError):
    """Its message names the first mistake, and how many more there are."""

    def __init__(self, mistakes: list[Mistake], more: int = 0):
        first = mistakes[0]
        where = f"{first.field}: " if first.field else ""
        super().__init__(f"{where}{first.words}" + (f" And {more} more." if more else ""))
        self.mistakes = mistakes

    @classmethod
    def of(cls, error: ValidationError, sent: Any) -> Self:
        found = error.errors(include_url=False)
        named = [Mistake(_field(one, sent), _words(one)) for one in found[:MOST_ERRORS]]
        return cls(named, len(found) - len(named))


def checked(kind: TypeAdapter[Any], raw: bytes) -> Any:
    """The JSON as what it is to be. Raises NotJson, Mistaken."""
    try:
        return kind.validate_json(raw)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors(include_url=False)):
            raise NotJson from None
        raise Mistaken.of(error, json.loads(raw)) from None
    except ValueError:  # a number with more digits than Python reads
        raise NotJson from None


def _field(mistake: ErrorDetails, sent: Any) -> str:
    """Where it is: `selection.view_id`. Without what only says which of several kinds was meant."""
    place = list(mistake["loc"])
    values = list(sent.values()) if isinstance(sent, dict) else []
    while place and place[0] in values and place[0] not in sent:
        place.pop(0)
    parts = [str(one)[:60] for one in place if not str(one).startswith(":")]
    discriminator = (mistake.get("ctx") or {}).get("discriminator", "").strip("'")
    return ".".join([*parts, *([discriminator] if discriminator.isidentifier() else [])])


Words = Callable[[dict[str, Any]], str]
_WORDS: dict[str, Words] = {
    "missing": lambda _: "This is missing.",
    "extra_forbidden": lambda _: "There is no such field.",
    "union_tag_not_found": lambda _: "This is missing.",
    "union_tag_invalid": lambda told: f"Use one of {told['expected_tags']}.",
    "enum": lambda told: f"Use {told['expected']}.",
    "literal_error": lambda told: f"Use {told['expected']}.",
    "int_type": lambda _: "Use a whole number, without quotes.",
    "int_parsing": lambda _: "Use a whole number.",
    "int_from_float": lambda _: "Use a whole number.",
    "bool_type": lambda _: "Use true or false, without quotes.",
    "string_type": lambda _: "Use a text in quotes.",
    "list_type": lambda _: "Use a list.",
    "dict_type": lambda _: "Use an object: {…}.",
    "model_type": lambda _: "Use an object: {…}.",
    "model_attributes_type": lambda _: "Use an object: {…}.",
    "uuid_parsing": lambda _: "Use the id of a job.",
    "uuid_type": lambda _: "Use the id of a job.",
    "string_too_long": lambda told: f"At most {told['max_length']:,} characters.",
    "string_too_short": lambda _: "This is empty.",
    "string_pattern_mismatch": lambda _: "This has a character that cannot be here.",
    "too_long": lambda told: f"At most {told['max_length']:,} of them.",
    "too_short": lambda _: "Name at least one.",
    "greater_than_equal": lambda told: f"Use a number from {told['ge']:,}.",
    "less_than_equal": lambda told: f"Use a number up to {told['le']:,}.",
    "less_than": lambda told: f"Use a number below {told['lt']:,}.",
}


def _words(mistake: ErrorDetails) -> str:
    """What is wrong. Of what was sent it says nothing."""
    if mistake["type"] == "refused":
        return mistake["msg"]
    words = _WORDS.get(mistake["type"])
    return words(mistake.get("ctx") or {}) if words else "This cannot be taken as it is."
