"""The page that shows Zendesk's limits live: what we use, what others use, and who waits."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, jsonify, render_template
from redis import RedisError

from app.access import me
from app.services import budget_report, connection
from app.services.budget_report import Picture
from app.services.connection import NotConnected

bp = Blueprint("limits", __name__, url_prefix="/limits")


@dataclass(frozen=True)
class Look:
    """The picture or, where there is none, the sentence that says why."""

    picture: Picture | None
    trouble: str = ""


@bp.get("")
def index() -> str:
    return _page("limits/index.html")


@bp.get("/now")
def now() -> str:
    """The part of the page that is renewed while one watches."""
    return _page("limits/_now.html")


@bp.get("/chart")
def chart() -> Response:
    picture = _look().picture
    return jsonify(picture.chart if picture else {"at": []})


def _page(template: str) -> str:
    look = _look()
    refresh = max(1.0, current_app.config["ZENDESK_WINDOW_SECONDS"] / 30)
    return render_template(template, picture=look.picture, trouble=look.trouble, refresh=refresh)


def _look() -> Look:
    try:
        return Look(budget_report.picture(connection.account().base_url, me()))
    except NotConnected as error:
        return Look(None, str(error))
    except RedisError:
        return Look(
            None,
            "Redis, which keeps the budget, cannot be reached. Jobs wait until it is back; nothing is lost.",
        )
