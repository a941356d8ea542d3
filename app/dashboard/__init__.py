"""The first page: the tools, and the latest jobs."""

from flask import Blueprint, render_template

from app.access import me
from app.services import job_list, presence

bp = Blueprint("dashboard", __name__)

LATEST = 5


@bp.get("/")
def index() -> str:
    latest = job_list.page(me()).items[:LATEST]
    return render_template("dashboard.html", jobs=latest, here=presence.look())
