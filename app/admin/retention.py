"""The page on which admins set how long things are kept. What would go is shown before a number is saved."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import address, me
from app.admin import bp
from app.extensions import db
from app.menu import Page
from app.services import retention, settings
from app.services.settings import BY_NAME, OutOfBounds

PAGE = Page(
    "Retention",
    "How long jobs and the audit log are kept, and what would go.",
    "admin.show_retention",
    place=50,
)
NAMES = ("jobs_retention_days", "audit_retention_days")
_NUMBER = re.compile(r"\d{1,6}")


@bp.get("/retention")
def show_retention() -> str:
    now = {name: str(settings.value(name)) for name in NAMES}
    return _page(now, forecast=retention.forecast(*_days(now)))


@bp.post("/retention")
def change_retention() -> ResponseReturnValue:
    """The first time it is sent, show what would go; once more, with the same numbers, save them."""
    typed = {name: request.form.get(name, "").strip() for name in NAMES}
    if errors := {name: words for name in NAMES if (words := _wrong(name, typed[name]))}:
        return _page(typed, errors), 422
    wanted = _days(typed)
    if request.form.get("seen") != _seen(wanted):
        return _page(typed, forecast=retention.forecast(*wanted), is_asked=True)
    moved = []
    for name, days in zip(NAMES, wanted, strict=True):
        moved.append(BY_NAME[name].moved(settings.value(name), days))
        settings.choose(name, days, me(), address())
    db.session.commit()
    words = " ".join(moved)
    flash(f"{words} What is older goes within minutes, a little at a time.", "success")
    return redirect(url_for("admin.show_retention"))


def _wrong(name: str, typed: str) -> str:
    known = BY_NAME[name]
    try:
        known.checked(int(typed) if _NUMBER.fullmatch(typed) else -1)
    except OutOfBounds as error:
        return str(error)
    return ""


def _days(typed: dict[str, str]) -> list[int]:
    return [int(typed[name]) for name in NAMES]


def _seen(days: list[int]) -> str:
    """The numbers for which somebody has seen what would go."""
    return ",".join(map(str, days))


def _page(
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
    forecast: retention.Forecast | None = None,
    *,
    is_asked: bool = False,
) -> str:
    return render_template(
        "admin/retention.html",
        knowns=[BY_NAME[name] for name in NAMES],
        typed=typed,
        errors=errors or {},
        forecast=forecast,
        is_asked=is_asked,
        seen=_seen(_days(typed)) if is_asked else "",
    )
