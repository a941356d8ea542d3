"""Tags as Zendesk keeps them: lower-case words without spaces."""

import re
import unicodedata

# Zendesk publishes no limits of its own; integrations that write tags hold these.
LONGEST = 255  # characters in one tag
MOST = 100  # tags in one job

_SEPARATORS = re.compile(r"[\s,]+")
_SIGNS = frozenset("_-/:.+&")
_JOINERS = frozenset("\u200c\u200d")  # between letters of some scripts


class TagsRefused(ValueError):
    """The text has no usable tags in it. Its message is for the person who typed it."""


def parse_tags(text: str) -> list[str]:
    """The tags in a text, separated by spaces, commas or lines: lower-case, each once, in the order typed.

    Raises TagsRefused for a text with none, too many, one too long, or one with a character that Zendesk drops.
    """
    plain = unicodedata.normalize("NFC", text.lower())
    tags = list(dict.fromkeys(tag for tag in _SEPARATORS.split(plain) if tag))
    if not tags:
        raise TagsRefused("Type at least one tag.")
    if len(tags) > MOST:
        raise TagsRefused(f"These are {len(tags):,} tags. At most {MOST} can be changed at once.")
    for tag in tags:
        _check(tag)
    return tags


def _check(tag: str) -> None:
    if len(tag) > LONGEST:
        raise TagsRefused(
            f"The tag “{tag[:20]}…” has {len(tag):,} characters. A tag can have at most {LONGEST}."
        )
    if strange := next((sign for sign in tag if not _is_kept(sign)), None):
        raise TagsRefused(
            f"The tag “{tag[:40]}” has the character “{strange}”, which Zendesk does not keep in tags. "
            "Use letters, digits, _ and -."
        )


def _is_kept(sign: str) -> bool:
    """Letters and digits of any script, with their accents and vowel signs, and some signs."""
    return sign in _SIGNS or sign in _JOINERS or unicodedata.category(sign)[0] in "LNM"
