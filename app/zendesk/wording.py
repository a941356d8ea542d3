"""Makes words from outside fit to be shown and logged: one line, no control characters, not too long."""

from typing import Any

LONGEST = 500


def clean(words: Any, most: int = LONGEST) -> str:
    """At most `most` printable characters. What is no text has no words."""
    if not isinstance(words, str):
        return ""
    shown = "".join(c if c.isprintable() else " " for c in words[: 4 * most])
    return " ".join(shown.split())[:most]
