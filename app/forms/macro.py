"""Choosing a macro by its words, out of the local copy."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import TextInput

from app.access import me
from app.models import CopiedMacro
from app.services.connection import NotConnected
from app.services.macro_library import cautions, freshness, search
from app.services.macro_library.query import MOST_CHARACTERS
from app.services.macro_library.search import Search, Sort
from app.services.macros.lint import Finding

WANTED = "Say which macro."
OFFERED = 10
LONGEST_NAME = 120


class MacroField(IntegerField):
    """The number of a macro. `offered` are those to choose from; None while there is no copy of them."""

    widget = TextInput()
    offered: list[CopiedMacro] | None = None

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(
            label, [InputRequired(WANTED), NumberRange(1, 2**63 - 1, WANTED)], **kwargs
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(WANTED) from None

    def offer(self, words: str) -> None:
        """Those that the words find, or that are used most; the chosen one always among them."""
        if not _has_copy():
            return
        self.words = words.strip()[:MOST_CHARACTERS]
        sort = Sort.BEST if self.words else Sort.USED
        found = search.page(me(), Search(words=self.words, sort=sort)).items[:OFFERED]
        self.offered = [*self._chosen_besides(found), *found]

    def _chosen_besides(self, found: list[CopiedMacro]) -> list[CopiedMacro]:
        chosen = self.chosen
        return [chosen] if chosen and chosen.id not in {one.id for one in found} else []

    @property
    def chosen(self) -> CopiedMacro | None:
        """The chosen macro as the copy has it, if it has it."""
        return _in_copy(self.data or 0)

    @property
    def cautions(self) -> list[Finding]:
        """What to know of the chosen macro before it is applied to many tickets."""
        macro = self.chosen
        return cautions.of(macro) if macro else []

    @property
    def named(self) -> str:
        """What the chosen macro is called: “macro 17” where there is no more to say."""
        return name_of(self.data or 0)


def name_of(macro_id: int) -> str:
    """What the macro is called in a job's title, as far as the copy knows it."""
    macro = _in_copy(macro_id)
    name = (macro.name or macro.title)[:LONGEST_NAME] if macro else ""
    return f"“{name.replace('{', '(').replace('}', ')')}”" if name else f"macro {macro_id}"


def _in_copy(macro_id: int) -> CopiedMacro | None:
    if not 0 < macro_id < 2**63 or not _has_copy():
        return None
    return search.one(me(), macro_id)


def _has_copy() -> bool:
    try:
        copy = freshness.look()
    except NotConnected:
        return False
    return copy is not None and copy.copied_at is not None
