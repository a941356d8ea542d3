"""One answer of a server, read within bounds; and what a broken connection means."""

import gc
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any, NamedTuple, NoReturn, Self

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from app.zendesk.errors import AnswerLost, NotSent, Unreadable

_PIECE = 2**16

# All that requests, and the layers below it, are known to raise when a server or a network misbehaves.
BROKEN = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)
# What stands for a call that never left.
NO_CONNECTION = {
    "NewConnectionError",
    "ConnectTimeoutError",
    "NameResolutionError",
    "ConnectTimeout",
}
# Texts that JSON can write and that no database takes: half a character, and the character zero.
_UNFIT = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")


class Answer(NamedTuple):
    status: int
    headers: CaseInsensitiveDict[str]
    content: bytes

    @classmethod
    def of(cls, response: requests.Response, largest: int) -> Self:
        """All of a streamed response, of at most so many bytes. Raises Unreadable, and any of BROKEN."""
        with response:
            return cls(response.status_code, response.headers, _content(response, largest))


def _content(response: requests.Response, largest: int) -> bytes:
    """The whole body; of a refusal as much as came, since its status says what matters."""
    content = bytearray()
    try:
        for piece in response.iter_content(_PIECE):
            content += piece
            if len(content) > largest:
                raise Unreadable("Zendesk's answer is larger than any that the API promises")
    except (*BROKEN, Unreadable):
        if response.status_code < 300:
            raise
    return bytes(content)


def fail(error: Exception) -> NoReturn:
    """Raise what a broken connection means: was the call sent or not?"""
    name = type(error).__name__
    if isinstance(error, requests.ConnectTimeout):
        raise NotSent(f"Zendesk could not be reached ({name})") from None
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    reason = getattr(cause, "reason", cause)
    if type(reason).__name__ in NO_CONNECTION:
        raise NotSent(_unreachable(reason)) from None
    if isinstance(error, requests.ConnectionError):
        raise AnswerLost("The connection to Zendesk broke off before its answer came") from None
    raise AnswerLost(f"Zendesk gave no answer ({name})") from None


def _unreachable(reason: Any) -> str:
    """A certificate that is not trusted is a thing for an admin, so it is said."""
    cause = type(reason.__cause__).__name__
    if "SSL" in cause or "Certificate" in cause:
        return f"Zendesk could not be reached: no secure connection could be made ({cause})"
    return "Zendesk could not be reached: no connection could be made"


def decoded(content: bytes) -> dict[str, Any]:
    """The JSON object that the bytes hold, with texts that can be stored. Raises Unreadable."""
    try:
        with _no_search_for_cycles():
            answer = _DECODER.decode(content.decode("utf-8-sig"))
        if _UNFIT.search(content):
            answer = _fit(answer)
    except (ValueError, RecursionError):
        raise Unreadable("Zendesk's answer is not JSON") from None
    if not isinstance(answer, dict):
        raise Unreadable("Zendesk's answer has an unknown shape: it is not an object")
    return answer


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """JSON has none, and to look for them again and again while a large answer is read takes as long as reading it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:  # if not, another thread reads an answer as well, and sees to it
            gc.enable()


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number in JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


def _fit(value: Any) -> Any:
    """The same, with texts that can be stored."""
    if isinstance(value, str):
        return value.replace("\0", " ").encode(errors="replace").decode()
    if isinstance(value, list):
        return [_fit(one) for one in value]
    if isinstance(value, dict):
        return {_fit(key): _fit(one) for key, one in value.items()}
    return value
