"""For admins. Each module of this package that has a `PAGE` is one page of theirs."""

from typing import Any

from flask import Blueprint, render_template

from app.access import admins_only
from app.menu import Menu

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(admins_only)

MENU = Menu(__name__, __path__)


@bp.get("")
def index() -> str:
    return render_template("admin/index.html")


@bp.context_processor
def menu() -> dict[str, Any]:
    return {"menu": MENU}
