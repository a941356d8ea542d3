"""The plain words of an HTML text."""

import re
from html import unescape


def as_text(html: str) -> str:
    """A paragraph or a line break to each line."""
    lines = re.sub(r"(?i)<br\s*/?>|</(?:p|div|li|h\d)>", "\n", html)
    return unescape(re.sub(r"<[^>]*>", "", lines)).strip()
