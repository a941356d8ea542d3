"""Help: the user guide, from wherever one is."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, send_from_directory

from app.services import guide

bp = Blueprint("guide", __name__, url_prefix="/help")

# Pages whose help is called otherwise than they are.
_OTHERWISE = {"dashboard": guide.FIRST, "admin": "connection"}


@bp.get("")
@bp.get("/<name>")
def page(name: str = guide.FIRST) -> str:
    found = guide.page(name)
    if found is None:
        abort(404)
    return render_template("guide/page.html", page=found)


@bp.get("/images/<path:filename>")
def image(filename: str) -> Response:
    return send_from_directory(guide.FOLDER / "images", filename, max_age=3600)


@bp.app_context_processor
def help_of_the_page() -> dict[str, Any]:
    return {"help_page": _help_of(request.blueprint or "")}


def _help_of(blueprint: str) -> str:
    name = _OTHERWISE.get(blueprint, blueprint.replace("_", "-"))
    return name if name in guide.names() else guide.FIRST
