"""The page on which admins change settings."""

import re

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import address, me
from app.admin import bp
from app.extensions import db
from app.menu import Page
from app.services import settings, two_factor
from app.services.permissions import NotPermitted
from app.services.settings import BY_NAME, Known, OutOfBounds, Value

PAGE = Page(
    "Settings",
    "What Giga Tools may use of Zendesk's limits, and other numbers.",
    "admin.show_settings",
    place=40,
)
_NUMBER = re.compile(r"-?\d{1,9}")


@bp.get("/settings")
def show_settings() -> str:
    return _page()


@bp.post("/settings/<name>")
def change_setting(name: str) -> ResponseReturnValue:
    known = BY_NAME.get(name)
    if known is None or known.own_page:
        abort(404)
    typed, before = request.form.get("value", ""), settings.value(name)
    try:
        if "go_back" in request.form:
            settings.go_back(name, me(), address())
        else:
            settings.choose(name, _read(known, typed), me(), address())
    except (OutOfBounds, NotPermitted) as error:
        db.session.rollback()
        return _page(name, typed, str(error)), 422
    moved = known.moved(before, settings.value(name))
    db.session.commit()
    flash(f"{moved} It holds within a second.", "success")
    return redirect(url_for("admin.show_settings", _anchor=name))


def _read(known: Known, typed: str) -> Value:
    """Raises OutOfBounds and NotPermitted."""
    if known.name == two_factor.FOR_ADMINS and typed == "yes":
        two_factor.check_may_demand(me())
    if known.is_yes_or_no:
        return typed == "yes"
    if not _NUMBER.fullmatch(typed.strip()):
        raise OutOfBounds(known.bounds)
    return known.checked(int(typed))


def _page(name: str = "", typed: str = "", error: str = "") -> str:
    """With what was typed for the setting, and what is wrong with it."""
    return render_template(
        "admin/settings.html",
        standings=settings.look(),
        wrong=name,
        typed=typed,
        error=error,
        lacks_two_factor=name == two_factor.FOR_ADMINS,
    )
