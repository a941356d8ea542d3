"""A macro of Zendesk's as the local copy keeps it: in words, with what it uses and what it is found by."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from app.models import Access
from app.services.macro_library.comments import comment_of, plain, texts_in
from app.services.macro_library.folding import folded, words_in
from app.services.macro_library.names import Surroundings
from app.services.macro_library.uses import Use, uses_of
from app.services.macros import compile_macro
from app.zendesk.resources import Macro, Restriction

# PostgreSQL keeps at most a megabyte of one macro's words; this is a long novel's worth of different ones.
MOST_BYTES = 400_000
NOBODY = 0  # the words of a macro do not depend on who “current user” is
_MOST_USES = 2**31 - 1


@dataclass(frozen=True)
class Entry:
    """`values` are those of its row, without its digest. Words are folded, each once."""

    values: dict[str, Any] = field(repr=False)
    uses: frozenset[Use] = field(repr=False)
    title_words: tuple[str, ...] = field(repr=False)
    other_words: tuple[str, ...] = field(repr=False)

    @property
    def id(self) -> int:
        return self.values["id"]

    @property
    def usage(self) -> int | None:
        return self.values["usage_30d"]

    @cached_property
    def digest(self) -> str:
        """Tells whether anything changed but how often it was used."""
        values = {name: value for name, value in self.values.items() if name != "usage_30d"}
        parts = [values, sorted(self.uses), self.title_words, self.other_words]
        return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def entry_of(macro: Macro, around: Surroundings) -> Entry:
    compiled = compile_macro(macro, NOBODY, around.account)
    sentences, comment = _sentences(macro, around), comment_of(macro.actions)
    allowed, owner_email = _allowed(macro.restriction, around)
    values = {
        "id": macro.id,
        "title": macro.title,
        "sort_title": folded(macro.title),
        "category": macro.title.rpartition("::")[0],
        "description": macro.description,
        "active": macro.active,
        "access": _access(macro.restriction),
        "allowed": allowed,
        "owner_email": owner_email,
        "actions": [[name, value] for name, value in macro.actions],
        "sentences": sentences,
        "comment": comment,
        "is_public": compiled.effect.public,
        "usage_30d": _usage(macro),
        "changed_at": _moment(macro.updated_at),
    }
    uses = uses_of(macro.actions, public=compiled.effect.public, account=around.account)
    title_words = _each_once([macro.title])
    texts = [str(macro.id), macro.description, *allowed, *sentences, comment]
    texts += [plain(text) for _, value in macro.actions for text in texts_in(value)]
    return Entry(values, uses, title_words, _each_once(texts))


def _sentences(macro: Macro, around: Surroundings) -> list[str]:
    """What it does besides its comment, which is kept whole and apart."""
    apart = {"comment_value", "comment_value_html"}
    if any(name in apart for name, _ in macro.actions):
        apart.add("comment_mode_is_public")
    others = tuple((name, value) for name, value in macro.actions if name not in apart)
    return compile_macro(replace(macro, actions=others), NOBODY, around.account).words(around.names)


def _access(restriction: Restriction | None) -> Access:
    """A restriction of a kind that we do not know counts as the narrowest."""
    if restriction is None:
        return Access.EVERYBODY
    return Access.GROUPS if restriction.type == "Group" else Access.PERSON


def _allowed(restriction: Restriction | None, around: Surroundings) -> tuple[list[str], str | None]:
    """The names of those who may use it, and the address of the one whose own it is."""
    if restriction is None:
        return [], None
    kind = "group" if restriction.type == "Group" else "agent"
    names = [around.names.of(kind, one) or f"{kind} {one}" for one in restriction.ids]
    owner = around.agents.get(restriction.ids[0]) if kind == "agent" and restriction.ids else None
    return names, owner.email.lower()[:254] if owner and owner.email else None


def _usage(macro: Macro) -> int | None:
    used = macro.usage.get("30d")
    return None if used is None else min(max(used, 0), _MOST_USES)


def _moment(stamp: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _each_once(texts: list[str]) -> tuple[str, ...]:
    return tuple(
        _within(MOST_BYTES, dict.fromkeys(word for text in texts for word in words_in(text)))
    )


def _within(most: int, words: dict[str, None]) -> Iterator[str]:
    for word in words:
        most -= len(word.encode()) + 8  # what PostgreSQL keeps beside it
        if most < 0:
            return
        yield word
