"""What to know of a macro before tickets are chosen for it, as far as the local copy has it."""

from dataclasses import replace

from app.models import Access, CopiedMacro
from app.services import connection
from app.services.connection import NotConnected
from app.services.macros import Account, compile_macro
from app.services.macros.lint import Circumstances, Finding, lint
from app.zendesk.errors import ZendeskError
from app.zendesk.resources import Macro

NOBODY = 0


def of(macro: CopiedMacro) -> list[Finding]:
    """Asks Zendesk who we are, where the macro speaks of “current user”. Without an answer, nobody is named."""
    actions = tuple((name, value) for name, value in macro.actions)
    made = Macro(macro.id, macro.title, macro.active, "", actions, None, "")
    compiled, around = compile_macro(made, NOBODY, Account()), _circumstances(macro)
    found = lint(compiled, around)
    if any(finding.code == "current_user" for finding in found):
        return lint(compiled, replace(around, me=_me()))
    return found


def _circumstances(macro: CopiedMacro) -> Circumstances:
    allowed = macro.allowed
    return Circumstances(
        active=macro.active,
        for_agents=allowed if macro.access == Access.PERSON else (),
        for_groups=allowed if macro.access == Access.GROUPS else (),
    )


def _me() -> str:
    try:
        return connection.client().me().name
    except (ZendeskError, NotConnected):
        return ""
