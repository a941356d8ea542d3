"""Macros: what they do to a ticket, computed here where that is possible, and asked of Zendesk where it is not."""

from .account import Account
from .answer import MacroChanged, effect_of, rendered
from .applying import prepare
from .comparison import COMPARED, Difference, compare
from .compiled import CompiledMacro, compile_macro, content_hash
from .names import Names, NoNames
from .reversal import Reversal

__all__ = [
    "COMPARED",
    "Account",
    "CompiledMacro",
    "Difference",
    "MacroChanged",
    "Names",
    "NoNames",
    "Reversal",
    "compare",
    "compile_macro",
    "content_hash",
    "effect_of",
    "prepare",
    "rendered",
]
