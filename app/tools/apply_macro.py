"""Apply a macro to all tickets of a view, or to others."""

from functools import partial
from typing import Any, Literal

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import ConfigDict
from wtforms import StringField

from app.forms.fields import LimitField
from app.forms.macro import MacroField, name_of
from app.forms.program import ZendeskId
from app.services import macros
from app.services.jobs import Order
from app.services.macro_library import names
from app.services.operations import prepared
from app.tools import ProgramOrder, Tool, ToolForm, form_page, order_each, order_for

bp = Blueprint("apply_macro", __name__, url_prefix="/tools/apply-macro-to-view")


class MacroOrder(ProgramOrder):
    """Apply a macro to tickets. Only admins may."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "tool": "apply-macro-to-view",
                    "macro_id": 360001,
                    "selection": {"ticket_ids": [35436, 35437]},
                    "limit": 500,
                    "dry_run": True,
                    "reason": "Replies that were promised for Friday",
                }
            ]
        }
    )

    tool: Literal["apply-macro-to-view"]
    macro_id: ZendeskId

    def order(self) -> Order:
        return order_for(TOOL, self, _what(name_of(self.macro_id)), **_task(self.macro_id))


TOOL = Tool(
    "apply-macro-to-view",
    "Apply macro to view",
    "Apply a macro to all tickets of a view.",
    bp,
    requires_admin=True,
    may_reply=True,
    program=MacroOrder,
)

prepared("apply_macro", reversible="partly", relies_on_zendesk=True)(
    partial(macros.prepare, names=names.known)
)


class MacroForm(ToolForm):
    macro_words = StringField("Find a macro")
    macro_id = MacroField("Macro")
    limit = LimitField("At most", default=TOOL.default_limit, most=TOOL.max_limit)

    def orders(self) -> list[Order]:
        return order_each(TOOL, self, _what(self.macro_id.named), **_task(self.macro_id.data or 0))


def _what(macro: str) -> str:
    return f"Apply {macro} to"


def _task(macro_id: int) -> dict[str, Any]:
    return {"operation": "apply_macro", "arguments": {"macro_id": macro_id}}


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = MacroForm(macro_id=request.args.get("macro_id", type=int))
    form.macro_id.offer(form.macro_words.data or "")
    return form_page(TOOL, form, form.orders, "tools/apply_macro.html")


@bp.get("/chosen")
def chosen() -> str:
    """What the macro that somebody chooses does, and what to know of it."""
    form = MacroForm(request.args, meta={"csrf": False})
    return render_template("tools/_macro_chosen.html", form=form)


@bp.get("/macros")
def macros_found() -> str:
    """Those that the words find while one types."""
    form = MacroForm(request.args, meta={"csrf": False})
    form.macro_id.offer(form.macro_words.data or "")
    return render_template("tools/_macros_found.html", form=form)
