"""What happened to tickets: audits and comments."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..answers import Answer, bad_paging, not_found
from ..asking import Request
from ..audits import audits, authors, comments, newest_audits
from ..paging import Pairs, page
from ..routing import Routes
from .tickets import existing

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
_MOST = 1_000


@routes.get("/tickets/{id}/audits")
def of_ticket(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return Answer(_page(sandbox, request, "audits", audits(sandbox.desk, existing(sandbox, id))))


@routes.get("/tickets/{id}/audits/count")
def count(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return Answer({"count": {"value": len(audits(sandbox.desk, existing(sandbox, id)))}})


@routes.get("/tickets/{id}/audits/{audit_id}")
def one(sandbox: "Sandbox", request: Request, id: int, audit_id: int) -> Answer:
    for audit in audits(sandbox.desk, existing(sandbox, id)):
        if audit["id"] == audit_id:
            return Answer({"audit": audit})
    raise not_found()


@routes.get("/tickets/{id}/comments")
def comments_of(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    found = comments(sandbox.desk, existing(sandbox, id))
    content = _page(sandbox, request, "comments", found)
    if "users" in request.query.get("include", "").split(","):
        content["users"] = authors(sandbox.desk, content["comments"], request.base_url)
    return Answer(content)


@routes.get("/ticket_audits")
def of_all(sandbox: "Sandbox", request: Request) -> Answer:
    """Newest first, by cursor alone. Archived tickets are left out."""
    size, below = _size(request), _below(request)
    found = newest_audits(sandbox.desk, below, size + 1)
    shown = found[:size]
    after = _encoded(shown[-1]["id"]) if shown else None
    link = f"{request.url}?{urlencode({'cursor': after, 'limit': size})}" if after else None
    return Answer(
        {
            "audits": shown,
            "after_cursor": after,
            "after_url": link,
            "before_cursor": None,
            "before_url": None,
            "meta": {"has_more": len(found) > size, "after_cursor": after, "before_cursor": None},
            "links": {"next": link, "prev": None},
        }
    )


def _page(
    sandbox: "Sandbox", request: Request, name: str, found: list[dict[str, Any]]
) -> dict[str, Any]:
    descending = request.query.get("sort_order", request.query.get("sort", "")).startswith(
        ("desc", "-")
    )
    by_id = {record["id"]: record for record in (found[::-1] if descending else found)}
    ids = list(by_id)
    pairs = [(by_id[number]["created_at"], number) for number in ids]
    order = Pairs("created_at,id", pairs, descending)
    return page(name, ids, by_id.__getitem__, request, sandbox.settings, order)


def _size(request: Request) -> int:
    text = request.query.get("limit") or request.query.get("page[size]") or "100"
    if not text.isdigit() or int(text) < 1:
        raise bad_paging("limit must be an integer above zero")
    return min(int(text), _MOST)


def _below(request: Request) -> int | None:
    cursor = request.query.get("cursor") or request.query.get("page[after]")
    try:
        return int(urlsafe_b64decode(cursor.encode())) if cursor else None
    except ValueError:
        raise bad_paging("The cursor is not valid") from None


def _encoded(number: int) -> str:
    return urlsafe_b64encode(str(number).encode()).decode()
