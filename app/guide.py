"""Help: the user guide, from wherever one is."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, send_from_directory

from app.services import guide

bp = Blueprint("guide", __name__, url_prefix="/help")

# Pages whose help is called otherwise than they are.
_OTHERWISE = {"dashboard": guide.FIRST, "api-docs": "account"}
# By the last part of an address beneath /admin or /account that they have in common.
_BENEATH = {"webhooks": "notifications", "retention": "settings"}


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
    return {"help_page": next((one for one in _names() if one in guide.names()), guide.FIRST)}


def _names() -> list[str]:
    """What the help of this page may be called, the most exact first."""
    blueprint = request.blueprint or ""
    name = blueprint.replace("_", "-")
    name = _OTHERWISE.get(name, name)
    if blueprint not in {"admin", "account"}:
        return [name]
    beneath = "".join(request.path.split("/")[2:3])
    return [_BENEATH.get(beneath, beneath), name]
