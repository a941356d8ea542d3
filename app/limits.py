"""The page that shows Zendesk's limits live: what we use, what others use, and who waits."""

from flask import Blueprint, Response, current_app, jsonify, render_template

from app.access import me
from app.services import budget_report, settings

bp = Blueprint("limits", __name__, url_prefix="/limits")


@bp.get("")
def index() -> str:
    return _page("limits/index.html")


@bp.get("/now")
def now() -> str:
    """The part of the page that is renewed while one watches."""
    return _page("limits/_now.html")


@bp.get("/chart")
def chart() -> Response:
    picture = budget_report.look(me()).picture
    return jsonify(picture.chart if picture else {"at": []})


def _page(template: str) -> str:
    look = budget_report.look(me())
    refresh = max(1.0, current_app.config["ZENDESK_WINDOW_SECONDS"] / 30)
    return render_template(
        template,
        picture=look.picture,
        trouble=look.trouble,
        refresh=refresh,
        reserve=settings.current("reserve_percent"),
    )
