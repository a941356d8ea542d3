"""Apply a macro to all tickets of a view."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import TextInput

from app.access import address, me
from app.forms import LimitField, SubmissionKeyField, ViewField
from app.services import jobs, macros
from app.services.jobs import Order
from app.services.operations import prepared
from app.tasks.launching import start
from app.tools import Tool

bp = Blueprint("apply_macro", __name__, url_prefix="/tools/apply-macro-to-view")
TOOL = Tool(
    "apply-macro-to-view",
    "Apply macro to view",
    "Apply a macro to all tickets of a view.",
    bp,
    requires_admin=True,
)

NUMBER_WANTED = "Type the number of the macro."

prepared("apply_macro", reversible="partly", relies_on_zendesk=True)(macros.prepare)


class MacroForm(FlaskForm):
    macro_id = IntegerField(
        "Number of the macro",
        [InputRequired(NUMBER_WANTED), NumberRange(1, 2**63 - 1, NUMBER_WANTED)],
        widget=TextInput(),
    )
    view = ViewField("View")
    limit = LimitField("At most", default=TOOL.default_limit, most=TOOL.max_limit)
    reason = StringField("Why (optional)", [Length(max=500, message="At most 500 characters.")])
    submission_key = SubmissionKeyField()

    def order(self) -> Order:
        what = f"Apply macro {self.macro_id.data}"
        return Order(
            tool_slug=TOOL.slug,
            operation="apply_macro",
            arguments={"macro_id": self.macro_id.data},
            selection={"view_id": self.view.data},
            title=f"{what} to {self.view.title}"[:255],
            act_words=f"{what} to {{tickets}}",
            limit=self.limit.data or TOOL.default_limit,
            reason=(self.reason.data or "").strip(),
            submission_key=self.submission_key.data,
        )


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = MacroForm()
    if not form.validate_on_submit():
        page = render_template("tools/apply_macro.html", form=form, tool=TOOL)
        return page, 422 if form.errors else 200
    job = jobs.create(me(), form.order(), address())
    start(job.job_id)
    return redirect(url_for("jobs.show", job_id=job.job_id))
