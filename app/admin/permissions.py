"""The pages for what users and admins may do with each tool, and which plans need a second person."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import address, me
from app.admin import bp
from app.admin.limits_form import LimitsForm
from app.extensions import db
from app.menu import Page
from app.models import Role
from app.services import permissions
from app.services.permissions import Tool

PAGE = Page(
    "Permissions",
    "What users and admins may do with each tool, and which plans need a second person's approval.",
    "admin.tool_limits",
    place=30,
)


@bp.get("/permissions")
def tool_limits() -> str:
    limits = {
        tool.slug: {role: permissions.of_role(role, tool.slug) for role in Role}
        for tool in permissions.tools()
    }
    return render_template("admin/permissions.html", all_tools=permissions.tools(), limits=limits)


@bp.get("/permissions/<role>/<tool_slug>")
def limits_of(role: str, tool_slug: str) -> str:
    known, tool = _known(role, tool_slug)
    form = LimitsForm(tool, data=LimitsForm.filled_in(permissions.of_role(known, tool.slug)))
    return _page(known, tool, form)


@bp.post("/permissions/<role>/<tool_slug>")
def choose_limits(role: str, tool_slug: str) -> ResponseReturnValue:
    known, tool = _known(role, tool_slug)
    form = LimitsForm(tool)
    if not form.validate_on_submit():
        return _page(known, tool, form), 422
    if permissions.choose(known, tool.slug, form.wanted(), me(), address()):
        db.session.commit()
        flash(f"Saved. It holds from now on for all {known}s, on {tool.title}.", "success")
    else:
        flash("Nothing was changed: this is how it was.", "info")
    return redirect(url_for("admin.tool_limits"))


def _page(role: Role, tool: Tool, form: LimitsForm) -> str:
    return render_template("admin/limits_of.html", role=role, tool=tool, form=form)


def _known(role: str, tool_slug: str) -> tuple[Role, Tool]:
    tool = permissions.tool_of(tool_slug)
    return (Role(role), tool) if tool and role in set(Role) else abort(404)
