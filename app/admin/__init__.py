"""For admins: the connection to Zendesk."""

from flask import Blueprint

from app.access import admins_only

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(admins_only)

from app.admin import connection  # noqa: E402

__all__ = ["bp", "connection"]
