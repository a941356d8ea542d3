"""What load balancers and supervisors ask: is the process alive, and could it do its work?"""

from flask import Blueprint, Response, jsonify

from app.access import public
from app.logs import quiet
from app.services import readiness

bp = Blueprint("probes", __name__)


@bp.get("/healthz")
@public
@quiet
def healthz() -> Response:
    """The process answers. Nothing else is looked at: one that is restarted for want of its database helps nobody."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
@quiet
def readyz() -> tuple[Response, int]:
    """Each part by name, as ok or failed: why, is for the logs."""
    parts = readiness.look()
    words = {name: "ok" if is_well else "failed" for name, is_well in parts.items()}
    return jsonify(words), 200 if all(parts.values()) else 503
