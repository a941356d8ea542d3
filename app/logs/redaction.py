"""The last line of defence: nobody means to log a secret, and one that gets as far as here is replaced."""

import re
from collections.abc import Mapping
from typing import Any

from structlog.typing import EventDict

GONE = "[redacted]"

_SECRET_NAMES = re.compile(r"authorization|token|password|secret|cookie|api_?key", re.IGNORECASE)
_SECRET_TEXTS = (
    re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE),
    re.compile(r"\b(giga_)\w{16,}"),  # personal access tokens
    re.compile(r"(://[^/:@\s]*:)[^/@\s]+(?=@)"),  # the password in an address
)


def redact(_logger: Any, _name: str, event: EventDict) -> EventDict:
    return {name: _fit(name, value) for name, value in event.items()}


def _fit(name: str, value: Any) -> Any:
    if isinstance(name, str) and _SECRET_NAMES.search(name):
        return GONE
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, Mapping):
        return {key: _fit(key, one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_fit("", one) for one in value]
    return value


def without_secrets(text: str) -> str:
    for secret in _SECRET_TEXTS:
        text = secret.sub(rf"\g<1>{GONE}", text)
    return text
