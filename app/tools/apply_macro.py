"""Apply a macro to all tickets of a view, or to others."""

from functools import partial

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import StringField

from app.forms.fields import LimitField
from app.forms.macro import MacroField
from app.services import macros
from app.services.jobs import Order
from app.services.macro_library import names
from app.services.operations import prepared
from app.tools import Tool, ToolForm, form_page, order_each

bp = Blueprint("apply_macro", __name__, url_prefix="/tools/apply-macro-to-view")
TOOL = Tool(
    "apply-macro-to-view",
    "Apply macro to view",
    "Apply a macro to all tickets of a view.",
    bp,
    requires_admin=True,
)

prepared("apply_macro", reversible="partly", relies_on_zendesk=True)(
    partial(macros.prepare, names=names.known)
)


class MacroForm(ToolForm):
    macro_words = StringField("Find a macro")
    macro_id = MacroField("Macro")
    limit = LimitField("At most", default=TOOL.default_limit, most=TOOL.max_limit)

    def orders(self) -> list[Order]:
        what = f"Apply {self.macro_id.named} to"
        arguments = {"macro_id": self.macro_id.data}
        return order_each(TOOL, self, what, operation="apply_macro", arguments=arguments)


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = MacroForm(macro_id=request.args.get("macro_id", type=int))
    form.macro_id.offer(form.macro_words.data or "")
    return form_page(TOOL, form, "tools/apply_macro.html")


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
