"""What a program sent, checked against what the document says of it."""

from typing import Any, get_origin

from flask import request
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.api.problems import FieldError, Problem
from app.forms import mistakes
from app.forms.mistakes import Mistaken, NotJson

JSON = "application/json"


def body(kind: TypeAdapter[Any]) -> Any:
    """Raises Problem: 400 for what is no JSON, 415 for another type, 422 for mistakes in it."""
    if request.mimetype != JSON:
        raise Problem(415)
    try:
        return mistakes.checked(kind, request.get_data())
    except NotJson:
        raise Problem(400) from None
    except Mistaken as error:
        raise _refused(error) from None


def nothing() -> None:
    """Raises Problem if anything was sent where nothing is asked for: whoever sent it meant something by it."""
    if request.get_data().strip() not in (b"", b"{}"):
        raise Problem(422, "Nothing is to be sent here besides the address.")


def query(kind: type[BaseModel]) -> Any:
    """What the address asks for behind its question mark. Raises Problem."""
    several = {
        name for name, field in kind.model_fields.items() if get_origin(field.annotation) is list
    }
    sent: dict[str, Any] = dict(request.args.to_dict(flat=False))
    for name in sent.keys() - several:
        if len(sent[name]) > 1:
            raise Problem(
                422, errors=[FieldError(name, "Say it once.")], detail=f"{name[:40]}: say it once."
            )
        sent[name] = sent[name][0]
    try:
        return kind.model_validate(sent, strict=False)  # there, numbers are text
    except ValidationError as error:
        raise _refused(Mistaken.of(error, sent)) from None


def _refused(error: Mistaken) -> Problem:
    return Problem(422, str(error), [FieldError(*one) for one in error.mistakes])
