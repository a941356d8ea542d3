"""Placeholders of a macro's comment, and which of them came out empty on a ticket."""

import re
from collections.abc import Iterator

from app.services.comment import Comment

# Ends before the next one begins: else a long text that only begins them is gone through from each.
_PLACEHOLDER = re.compile(r"\{\{((?:(?!\{\{).)*?)\}\}")
_SPACES = re.compile(r"\s+")


def placeholders_in(text: str) -> list[str]:
    """Their names, each once, without what is to stand where they are empty."""
    return list(dict.fromkeys(_name(found) for found in _PLACEHOLDER.findall(text)))


def emptied(template: Comment, filled: Comment | None) -> list[str]:
    """The placeholders of the template that have nothing in the comment that Zendesk made of it, each once.

    Found by the words that stand between them, so several side by side count only where all of them are empty. None
    where the template has Liquid's tags, or the words cannot be found again: rather too few than one that is not.
    """
    if "{%" in template.text or filled is None:
        return []
    parts = _PLACEHOLDER.split(template.words)
    texts, names = [_bare(text) for text in parts[::2]], [_name(one) for one in parts[1::2]]
    rest = _bare(filled.words)
    if not names or not rest.startswith(texts[0]):
        return []
    found: list[str] = []
    rest = rest.removeprefix(texts[0])
    for run, after in _runs(names, texts[1:]):
        place = rest.find(after) if after else len(rest)
        if place < 0:
            return []
        found += run if place == 0 else []
        rest = rest[place + len(after) :]
    return list(dict.fromkeys(found))


def _runs(names: list[str], after: list[str]) -> Iterator[tuple[list[str], str]]:
    """Placeholders with nothing between them together, each time with the words that follow."""
    run: list[str] = []
    for name, words in zip(names, after, strict=True):
        run = [*run, name]
        if words:
            yield run, words
            run = []
    if run:
        yield run, ""


def _name(inside: str) -> str:
    return inside.partition("|")[0].strip()


def _bare(text: str) -> str:
    """Without spaces: where a placeholder is empty, those around it become one."""
    return _SPACES.sub("", text)
