"""Tools: each module of this package that has a `TOOL` is one. They are found, not listed.

What tools that plan jobs share is here too, since they do not know each other.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import address, admins_only, me
from app.forms.fields import LimitField
from app.forms.selection import SelectionForm
from app.services import jobs, view_counts
from app.services.jobs import Order
from app.tasks.launching import launch, start


@dataclass(frozen=True)
class Tool:
    """A page on which a user says what to do."""

    slug: str
    title: str
    summary: str
    blueprint: Blueprint
    requires_admin: bool = False
    makes_jobs: bool = True
    default_limit: int = 500  # tickets a job, unless the user says otherwise
    max_limit: int = 50_000
    export_formats: tuple[str, ...] = ("csv", "json")


class ToolForm(SelectionForm):
    """A form that makes jobs."""

    limit: LimitField  # with the tool's own numbers

    def orders(self) -> list[Order]:
        raise NotImplementedError


def form_page(tool: Tool, form: ToolForm, template: str) -> ResponseReturnValue:
    """The tool's form, or the job that was made of it; the list of jobs, if it made several."""
    if not form.validate_on_submit():
        if "count" in request.args:
            form.view.count(view_counts.YOUNGEST)
        return render_template(template, form=form, tool=tool), 422 if form.errors else 200
    job_ids = [jobs.create(me(), order, address()).job_id for order in form.orders()]
    if len(job_ids) == 1:
        start(job_ids[0])
        return redirect(url_for("jobs.show", job_id=job_ids[0]))
    for job_id in job_ids:
        launch(job_id)
    flash(f"{len(job_ids)} plans are being made, one for each view.", "success")
    return redirect(url_for("jobs.index", tool=tool.slug))


def order_each(tool: Tool, form: ToolForm, what: str, then: str = "", **task: Any) -> list[Order]:
    """An order for each selection that was chosen.

    `what` is as in “Add vip to”, and `then` what follows the tickets; `task`: operation and arguments.
    """
    return [
        Order(
            tool_slug=tool.slug,
            selection=chosen.selection,
            title=shortened(f"{what} {chosen.words}{then}"),
            act_words=f"{what} {{tickets}}{then}",
            limit=form.limit.data or tool.default_limit,
            reason=(form.reason.data or "").strip(),
            submission_key=form.key_of(chosen),
            **task,
        )
        for chosen in form.chosen()
    ]


def shortened(text: str, most: int = 255) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def init_app(app: Flask) -> None:
    """Register every tool's blueprint, and put those that a person may use into the menu."""
    tools = sorted(_found(), key=lambda tool: tool.title)
    app.extensions["tools"] = tools
    for tool in tools:
        app.register_blueprint(tool.blueprint)
        if tool.requires_admin:
            # With this app, not with the blueprint: that one is shared by all apps of the process.
            app.before_request_funcs.setdefault(tool.blueprint.name, []).append(admins_only)

    @app.context_processor
    def menu() -> dict[str, Any]:
        return {"tools": [tool for tool in tools if me().is_authenticated and _may_use(tool)]}


def _found() -> Iterator[Tool]:
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        tool = getattr(importlib.import_module(module.name), "TOOL", None)
        if isinstance(tool, Tool):
            yield tool


def _may_use(tool: Tool) -> bool:
    return me().is_admin or not tool.requires_admin
