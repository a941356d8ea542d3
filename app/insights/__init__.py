"""Issues: the board of what customers write about, the page of each, and what people decide about them."""

from typing import Any

from flask import Blueprint

from app.access import me
from app.services import permissions

bp = Blueprint("issues", __name__, url_prefix="/issues")


@bp.before_request
def refuse_who_may_not_see_all_tickets() -> None:
    """Raises NotPermitted."""
    permissions.check_issues(me())


@bp.app_context_processor
def menu() -> dict[str, Any]:
    return {"may_see_issues": lambda: me().is_authenticated and permissions.may_see_issues(me())}


from app.insights import board, decisions, page  # noqa: E402

__all__ = ["board", "bp", "decisions", "page"]
