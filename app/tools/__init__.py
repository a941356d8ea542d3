"""Tools: each module of this package that has a `TOOL` is one. They are found, not listed.

What tools that plan jobs share is here too, since they do not know each other.
"""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from inspect import isabstract
from typing import Annotated, Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from app.access import address, me
from app.forms.chosen import Chosen
from app.forms.fields import LimitField
from app.forms.program import Ordered
from app.forms.selection import JOB, VIEW, SelectionForm
from app.services import jobs, permissions, view_counts
from app.services.jobs import Order
from app.services.permissions import Limits, NotPermitted
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
    may_reply: bool = False  # may its jobs write to customers?
    default_limit: int = 500  # tickets a job, unless the user says otherwise
    max_limit: int = 50_000
    export_formats: tuple[str, ...] = ("csv", "json")
    program: Any = (
        None  # what a program sends to have a job of it: a `ProgramOrder`, or a union of some
    )


class ProgramOrder(Ordered, ABC):
    """What a program sends to have a job made, with the tool's name in `tool`."""

    limit: Annotated[int, Field(ge=1, le=Tool.max_limit)] = Field(
        Tool.default_limit,
        description="How many tickets at most: the first of the selection. A safety net.",
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """One that makes no order is found when the app starts. Raises TypeError."""
        if isabstract(cls):
            raise TypeError(f"{cls.__name__} does not say which order it is: it lacks `order`.")

    @abstractmethod
    def order(self) -> Order:
        """Raises Refused."""


class ToolForm(SelectionForm):
    """A form that makes jobs."""

    limit: LimitField  # with the tool's own numbers

    def permit(self, limits: Limits) -> None:
        """Offer what the person may choose. What is sent all the same is refused where the job is made."""
        if not self.is_submitted() and (issue := self.issue.chosen):
            self.limit.data = max(self.limit.data or 0, issue.ticket_count)
        self.limit.permit(limits.largest_job)
        self.view.permit(limits.view_ids)
        if limits.only_by_view:
            self.offer({VIEW, JOB})


def form_page(
    tool: Tool, form: ToolForm, orders: Callable[[], list[Order]], template: str
) -> ResponseReturnValue:
    """The tool's form, or the job that was made of it; the list of jobs, if it made several.

    `orders` is what the form asks for, once it is valid.
    """
    form.permit(permissions.of(me(), tool.slug))
    if not form.validate_on_submit() or not _are_permitted(form, orders()):
        if "count" in request.args:
            form.view.count(view_counts.YOUNGEST)
        return render_template(template, form=form, tool=tool), 422 if form.errors else 200
    job_ids = [jobs.create(me(), order, address()).job_id for order in orders()]
    if len(job_ids) == 1:
        start(job_ids[0])
        return redirect(url_for("jobs.show", job_id=job_ids[0]))
    for job_id in job_ids:
        launch(job_id)
    flash(f"{len(job_ids)} plans are being made, one for each view.", "success")
    return redirect(url_for("jobs.index", tool=tool.slug))


def _are_permitted(form: ToolForm, orders: list[Order]) -> bool:
    """Before the first job is made of several. What a field says is refused beside it, the rest with a page."""
    try:
        for order in orders:
            permissions.check_order(me(), order)
    except NotPermitted as error:
        if not error.field or error.field not in form:
            raise
        form[error.field].errors = [str(error)]
        return False
    return True


def order_each(tool: Tool, form: ToolForm, what: str, then: str = "", **task: Any) -> list[Order]:
    """An order for each selection that was chosen.

    `what` is as in “Add vip to”, and `then` what follows the tickets; `task`: operation and arguments.
    """
    asked = {
        "limit": form.limit.data or tool.default_limit,
        "reason": (form.reason.data or "").strip(),
    }
    return [
        _order_of(tool, chosen, what, then, submission_key=form.key_of(chosen), **asked, **task)
        for chosen in form.chosen()
    ]


def order_for(tool: Tool, sent: ProgramOrder, what: str, then: str = "", **task: Any) -> Order:
    """The order of a program, called as the same one of a form is. Raises Refused."""
    asked = {"limit": sent.limit, "reason": sent.reason.strip(), "dry_run": sent.dry_run}
    return _order_of(tool, sent.chosen(), what, then, **asked, **task)


def _order_of(tool: Tool, chosen: Chosen, what: str, then: str, **more: Any) -> Order:
    return Order(
        tool_slug=tool.slug,
        selection=chosen.selection,
        title=shortened(f"{what} {chosen.words}{then}"),
        act_words=f"{what} {{tickets}}{then}",
        **more,
    )


def shortened(text: str, most: int = 255) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def init_app(app: Flask) -> None:
    """Register every tool's blueprint, and put those that a person may use into the menu."""
    tools = sorted(_found(), key=lambda tool: tool.title)
    app.extensions["tools"] = tools
    for tool in tools:
        app.register_blueprint(tool.blueprint)
        # With this app, not with the blueprint: that one is shared by all apps of the process.
        ask_first = app.before_request_funcs.setdefault(tool.blueprint.name, [])
        ask_first.append(partial(_refuse_others, tool.slug))

    @app.context_processor
    def menu() -> dict[str, Any]:
        return {"tools": permissions.usable(me()) if me().is_authenticated else []}


def _found() -> Iterator[Tool]:
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        tool = getattr(importlib.import_module(module.name), "TOOL", None)
        if isinstance(tool, Tool):
            yield tool


def _refuse_others(tool_slug: str) -> None:
    """Raises NotPermitted for who may not use the tool."""
    permissions.check_use(me(), tool_slug)
