"""The jobs console: list, look a ticket up, watch, apply, cancel, export, delete."""

from flask import Blueprint

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

from app.jobs import actions, exports, history, listing, lookup, previews, removal, routes, table  # noqa: E402

__all__ = [
    "actions",
    "bp",
    "exports",
    "history",
    "listing",
    "lookup",
    "previews",
    "removal",
    "routes",
    "table",
]
