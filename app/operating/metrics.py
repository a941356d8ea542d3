"""`/metrics`: what is counted, for monitoring, and for nobody else."""

import hmac

from flask import Blueprint, Flask, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from app import metrics
from app.access import public
from app.config import is_this_machine
from app.logs import quiet
from app.logs.requests import seconds_since_it_came
from app.services import gauges

bp = Blueprint("metrics", __name__)

# What proxies add: with one of these, whoever asks is somewhere else.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.after_request(count)


@bp.get("/metrics")
@public
@quiet
def show() -> Response:
    if not _may_look():
        abort(404)  # that it is there is nobody else's business
    return Response(metrics.page(gauges.look()), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def count(response: Response) -> Response:
    """By the rule and never the path, of which there is no end."""
    method = request.method if request.method in METHODS else "other"
    route = request.url_rule.rule if request.url_rule else "none"
    metrics.REQUESTS.labels(method, route, f"{response.status_code // 100}xx").inc()
    metrics.REQUEST_SECONDS.labels(method, route).observe(seconds_since_it_came())
    return response


def _may_look() -> bool:
    """Whoever has the token; where none is set, a program on this machine that asks without a proxy."""
    token = current_app.config["METRICS_TOKEN"]
    if token:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        is_same = hmac.compare_digest(given.strip().encode(), token.encode())
        return kind.lower() == "bearer" and is_same
    is_forwarded = any(name in request.headers for name in FORWARDED)
    return is_this_machine(request.remote_addr or "") and not is_forwarded
