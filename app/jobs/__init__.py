"""The jobs console: list, watch, apply, cancel, export, delete."""

from flask import Blueprint

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

from app.jobs import routes  # noqa: E402

__all__ = ["bp", "routes"]
