"""What a macro's comment says, line by line as people read it, and other texts without their markup."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from app.services.comment import closed

_BREAK = re.compile(r"(?i)<br\s*/?>|</(?:p|div|li|ul|ol|h\d|tr|blockquote|pre)\s*>")
_APART = re.compile(r"(?i)</?(?:td|th)\b[^>]*>")
# One that is never closed goes on to the end, as in browsers.
_UNSEEN = re.compile(r"(?is)<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
_ITEM = re.compile(r"(?i)<li\b[^>]*>")
_MARKUP = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[^\S\n]+")
_GAPS = re.compile(r"\n{3,}")


def plain(html: str) -> str:
    """The text of HTML: its lines as they are parted on a page, its markup gone. It is no HTML any more."""
    html = closed(_UNSEEN.sub(" ", " ".join(html.split())))
    html = _ITEM.sub("• ", _APART.sub(" ", _BREAK.sub("\n", html)))
    return tidy(unescape(_MARKUP.sub("", html)).replace("\xa0", " "))


def tidy(text: str) -> str:
    """The text with single spaces and no more than one empty line in a row."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.splitlines())
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


def comment_of(actions: tuple[tuple[str, Any], ...]) -> str:
    """All that the macro says, for every channel, an empty line between them."""
    said = (_said(name, value) for name, value in actions)
    return "\n\n".join(text for text in said if text)


def texts_in(value: Any) -> Iterator[str]:
    """Every text and number within an action's value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def _said(name: str, value: Any) -> str:
    text = value[-1] if isinstance(value, list | tuple) and value else value
    if not isinstance(text, str):
        return ""
    if name == "comment_value_html":
        return plain(text)
    return tidy(text) if name == "comment_value" else ""
