"""The jobs console: list, watch, apply, cancel, export, delete."""

from flask import Blueprint

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

from app.jobs import actions, exports, routes  # noqa: E402

__all__ = ["actions", "bp", "exports", "routes"]
