"""Comments: public replies and internal notes that a change leaves on a ticket."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

SHOWN = 200  # characters of a comment that plans and exports show

_APART = re.compile(r"(?i)<br\s*/?>|</?(?:p|div|li|ul|ol|h\d|tr|td|blockquote|pre)\b[^>]*>")
_MARKUP = re.compile(r"<[^>]*>")
_IMAGE = re.compile(r"(?i)<img\b")


def closed(html: str) -> str:
    """The HTML without tags that never end, which would be looked for to the end of a long text from each “<”."""
    head, end, rest = html.rpartition(">")
    return head + end + rest.replace("<", "&lt;")


@dataclass(frozen=True)
class Comment:
    """`text` is HTML or plain. One that awaits its rendering still has placeholders, and cannot be sent."""

    text: str = field(repr=False)
    is_html: bool
    public: bool
    awaits_rendering: bool = False

    @property
    def words(self) -> str:
        """The text as people read it, on one line."""
        text = self.text
        if self.is_html:
            text = unescape(_MARKUP.sub("", _APART.sub(" ", closed(text))))
        return " ".join(text.split())

    @property
    def is_blank(self) -> bool:
        """Is there nothing to send? Zendesk saves no comment without words or a picture."""
        return not self.words and not (self.is_html and _IMAGE.search(self.text))

    @property
    def short(self) -> str:
        return self.words if len(self.words) <= SHOWN else f"{self.words[: SHOWN - 1]}…"

    def for_ledger(self) -> dict[str, Any]:
        """Its beginning and who reads it. The whole text is in the macro, or with Zendesk."""
        said: dict[str, Any] = {"public": self.public, "text": self.short}
        return said | ({"awaits_rendering": True} if self.awaits_rendering else {})

    def payload(self) -> dict[str, Any]:
        """What an update is sent. ValueError while it awaits its rendering: nobody is to read placeholders."""
        if self.awaits_rendering:
            raise ValueError("a comment cannot be sent before its placeholders are filled in")
        return {"html_body" if self.is_html else "body": self.text, "public": self.public}
