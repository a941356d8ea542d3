"""What operators need: what every page says of the account and of a stop, who may see Flower, probes and figures."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Flask, Response
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.access import me, must_set_up_two_factor, public
from app.operating import metrics, probes
from app.services import badge, writing_stop

T = TypeVar("T")

bp = Blueprint("operating", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(probes.bp)
    metrics.init_app(app)
    app.jinja_env.globals |= {
        "account_badge": lambda: _if_known(badge.current),
        "writing_stop": lambda: _if_known(writing_stop.current),
    }


@bp.get("/may-operate")
@public
def may_operate() -> Response:
    """What nginx asks before it shows Flower: 204 for admins, else 401 or 403, and never a page or a redirect.

    Public in so far as nobody is sent to the sign-in.
    """
    if not current_user.is_authenticated:
        return Response(status=401)
    may = me().is_admin and not must_set_up_two_factor(me())
    return Response(status=204 if may else 403)


def _if_known(ask: Callable[[], T]) -> T | None:
    """The page that says that something went wrong is shown without the database too."""
    try:
        return ask()
    except SQLAlchemyError:
        return None
