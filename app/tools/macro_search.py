"""Find macros by anything that they say or do."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import asked
from app.access import me
from app.extensions import db
from app.models import Access, CopiedMacro, User
from app.services import connection, presence
from app.services.connection import NotConnected
from app.services.macro_library import export, freshness, highlight, names, search, where_used
from app.services.macro_library.query import MOST_CHARACTERS
from app.services.macro_library.search import Search, Sort, State
from app.services.macro_library.uses import ACTIONS
from app.tasks.macro_copying import ask_for_macros
from app.tools import Tool

Write = Callable[[User, Search], Iterator[str]]

bp = Blueprint("macro_search", __name__, url_prefix="/tools/macro-search")
TOOL = Tool(
    "macro-search",
    "Macro search",
    "Find macros by anything that they say or do.",
    bp,
    makes_jobs=False,
)

FIELD = "field-"  # a custom field, among the kinds of action
LONGEST = 1000  # characters of what a filter can be


@bp.get("")
def index() -> ResponseReturnValue:
    wanted, standing = _wanted(), _standing()
    page = {"wanted": wanted, "told": _told(wanted), "highlight": highlight, **standing}
    if standing["copy"] and standing["copy"].copied_at:
        listed = search.page(me(), wanted, asked.zendesk_id("after"), asked.zendesk_id("before"))
        page |= {"listed": listed, "others": search.other_states(me(), wanted)}
    if request.headers.get("HX-Target") == "results":
        return render_template("tools/_macro_list.html", **page, is_fragment=True)
    return render_template("tools/macro_search.html", tool=TOOL, **page, **_choices())


@bp.get("/<int:macro_id>")
def show(macro_id: int) -> str:
    macro = _macro_or_404(macro_id)
    return render_template(
        "tools/macro_detail.html",
        tool=TOOL,
        macro=macro,
        shared=where_used.shared(me(), macro),
        names=names.known(),
        zendesk_url=connection.account().macro_url(macro.id),
        **_standing(),
    )


@bp.get("/copy")
def copy_state() -> ResponseReturnValue:
    """How the copy stands, asked again and again while it is renewed."""
    standing = _standing()
    copy = standing["copy"]
    rests = copy is None or not (copy.is_renewing or copy.is_awaited)
    # With the first copy there are filters to choose from, which the page did not have.
    after = {"HX-Refresh": "true"} if "first" in request.args else {"HX-Trigger": "macros-copied"}
    return render_template("tools/_macro_copy.html", **standing), after if rests else {}


@bp.post("/refresh")
def refresh() -> ResponseReturnValue:
    copy = _standing()["copy"]
    if copy is None or copy.is_renewing:
        return redirect(_where_from())
    if not ask_for_macros():
        flash(
            "Redis cannot be reached, so the macros cannot be copied now. It is tried again by itself.",
            "warning",
        )
    elif not presence.look().worker:
        flash("No worker is running. The macros are copied as soon as one does.", "warning")
    return redirect(_where_from())


@bp.get("/export.csv")
def export_csv() -> Response:
    return _download("csv", "text/csv; charset=utf-8", export.as_csv)


@bp.get("/export.json")
def export_json() -> Response:
    return _download("json", "application/json", export.as_json)


def _download(ending: str, kind: str, write: Write) -> Response:
    _copy_or_404()
    # Kept apart from the session, whose transaction would last as long as somebody reads.
    person = User(email=me().email, role=me().role)
    db.session.rollback()
    response = make_response(stream_with_context(write(person, _wanted())))
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="giga-tools-macros.{ending}"'
    return response


def _macro_or_404(macro_id: int) -> CopiedMacro:
    """The macro, if the person may see it. One that they may not see does not exist for them."""
    _copy_or_404()
    if not asked.is_zendesk_id(macro_id):
        abort(404)
    return search.one(me(), macro_id) or abort(404)


def _copy_or_404() -> None:
    """What was copied of another account is none of this one's."""
    copy = _standing()["copy"]
    if copy is None or copy.copied_at is None:
        abort(404)


def _standing() -> dict[str, Any]:
    """How the copy stands or, where there is nothing to copy from, the sentence that says why."""
    try:
        return {"copy": freshness.look(), "trouble": ""}
    except NotConnected as error:
        return {"copy": None, "trouble": str(error)}


def _choices() -> dict[str, Any]:
    known = names.known()
    fields = [(number, known.of_field(number)) for number in where_used.fields(me())]
    return {
        "categories": where_used.categories(me()),
        "tags": where_used.tags(me()),
        "actions": ACTIONS,
        "fields": sorted(fields, key=lambda field: field[1].casefold()),
    }


def _wanted() -> Search:
    """What the address asks for. What it cannot mean is left out."""
    does = asked.text("does", LONGEST)
    is_field = does.startswith(FIELD)
    return Search(
        words=asked.text("words", MOST_CHARACTERS),
        state=asked.choice("state", State) or State.ACTIVE,
        category=asked.text("category", LONGEST),
        access=asked.choice("access", Access),
        action=does if does in ACTIONS else "",
        field=does.removeprefix(FIELD) if is_field else "",
        tag=asked.text("tag", LONGEST).lower(),
        unused=bool(request.args.get("unused")),
        sort=asked.choice("sort", Sort) or Sort.BEST,
    )


def _told(wanted: Search) -> dict[str, str]:
    """The same as the address tells it, without what is usual."""
    told = {
        "words": wanted.words,
        "state": wanted.state,
        "category": wanted.category,
        "access": wanted.access or "",
        "does": wanted.action or (wanted.field and FIELD + wanted.field),
        "tag": wanted.tag,
        "unused": "1" if wanted.unused else "",
        "sort": wanted.sort,
    }
    return {
        name: value for name, value in told.items() if value not in ("", State.ACTIVE, Sort.BEST)
    }


def _where_from() -> str:
    """The page of this tool from which a form was sent, with what was searched for there."""
    came = urlsplit(request.referrer or "")
    is_ours = came.netloc == request.host and f"{came.path}/".startswith(f"{bp.url_prefix}/")
    if not is_ours:
        return url_for("macro_search.index")
    return f"{came.path}?{came.query}" if came.query else came.path
