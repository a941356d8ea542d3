"""What everybody sets for themselves. Each module of this package that has a `PAGE` is one page."""

from typing import Any

from flask import Blueprint, render_template

from app.menu import Menu

bp = Blueprint("account", __name__, url_prefix="/account")

MENU = Menu(__name__, __path__)


@bp.get("")
def index() -> str:
    return render_template("account/index.html")


@bp.context_processor
def menu() -> dict[str, Any]:
    return {"menu": MENU}
