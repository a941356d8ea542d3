"""Reading macros, and trying them on tickets."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..answers import Answer, bad_request, invalid, not_found
from ..applying import Application
from ..asking import Request, is_id
from ..changes import Refused
from ..desk import blank_ticket
from ..fields import CUSTOM_FIELDS, STATUSES_BY_ID
from ..macros import USAGES, Macro
from ..paging import Pairs, by_offset, page
from ..people import Person
from ..routing import Routes
from ..ticket import PRIORITIES, TYPES
from .tickets import existing

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
_SORTS: dict[str, Callable[[Macro], Any]] = {
    "alphabetical": lambda macro: macro.title,
    "created_at": lambda macro: macro.id,
    "updated_at": lambda macro: macro.updated_at,
    "position": lambda macro: macro.id,
}


@routes.get("/macros")
def index(sandbox: "Sandbox", request: Request) -> Answer:
    return _list(sandbox, request, _chosen(sandbox, request))


@routes.get("/macros/active")
def active(sandbox: "Sandbox", request: Request) -> Answer:
    macros = [macro for macro in _chosen(sandbox, request) if macro.active]
    return _list(sandbox, request, macros)


@routes.get("/macros/search")
def search(sandbox: "Sandbox", request: Request) -> Answer:
    """By words of the title. It knows no cursors, and sorting by usage does nothing."""
    words = request.query.get("query", "").lower()
    if not words:
        raise bad_request("query is missing")
    macros = [macro for macro in _chosen(sandbox, request) if words in macro.title.lower()]
    ids, render = _rendered(request, sorted(macros, key=lambda macro: (macro.title, macro.id)))
    return Answer(by_offset("macros", ids, render, request, sandbox.settings))


@routes.get("/macros/categories")
def categories(sandbox: "Sandbox", request: Request) -> Answer:
    macros = sandbox.desk.macros.seen_by(_person(request))
    return Answer({"categories": sorted({macro.category for macro in macros if macro.category})})


@routes.get("/macros/actions")
def actions(sandbox: "Sandbox", request: Request) -> Answer:
    return Answer({"actions": [_action(*kind) for kind in _ACTION_KINDS]})


@routes.get("/macros/definitions")
def definitions(sandbox: "Sandbox", request: Request) -> Answer:
    kinds = [_definition(*kind) for kind in _ACTION_KINDS]
    return Answer({"definitions": {"actions": kinds}})


@routes.get("/macros/{id}")
def show(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    macro = _macro(sandbox, request, id)
    return Answer({"macro": macro.to_json(request.base_url, _usages(request))})


@routes.get("/macros/{id}/attachments")
def attachments(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    macro = _macro(sandbox, request, id)
    return Answer({"macro_attachments": macro.attachments_to_json(request.base_url)})


@routes.get("/macros/{id}/apply")
def apply(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    """Only what it sets. Nothing is saved."""
    application = _application(sandbox, request, id)
    blank = blank_ticket(0, sandbox.clock.now())
    return _result(lambda: application.to_nothing(blank))


@routes.get("/tickets/{ticket_id}/macros/{id}/apply")
def apply_to_ticket(sandbox: "Sandbox", request: Request, ticket_id: int, id: int) -> Answer:
    """The whole ticket as it would be. Nothing is saved."""
    ticket = existing(sandbox, ticket_id)
    application = _application(sandbox, request, id)
    return _result(lambda: application.to_ticket(ticket))


def _application(sandbox: "Sandbox", request: Request, macro_id: int) -> Application:
    return Application(
        _macro(sandbox, request, macro_id),
        _person(request),
        sandbox.desk.directory,
        request.base_url,
        request.query.get("normalize_comment") == "true",
    )


def _result(make: Callable[[], dict[str, Any]]) -> Answer:
    try:
        return Answer({"result": {"ticket": make()}})
    except Refused as refused:
        raise invalid(refused.details) from None


def _person(request: Request) -> Person:
    if request.person is None:
        raise LookupError("Nobody is signed in.")
    return request.person


def _macro(sandbox: "Sandbox", request: Request, macro_id: int) -> Macro:
    """Somebody else's personal macro is not there at all, except for an admin."""
    macro, person = sandbox.desk.macros.get(macro_id), _person(request)
    if macro is None or not (person.role == "admin" or macro.may_be_used_by(person)):
        raise not_found()
    return macro


def _chosen(sandbox: "Sandbox", request: Request) -> list[Macro]:
    """Those that the request's filters leave."""
    person, query = _person(request), request.query
    macros = sandbox.desk.macros.seen_by(person)
    if query.get("only_viewable") == "true":
        macros = [macro for macro in macros if macro.may_be_used_by(person)]
    if "access" in query:
        macros = [macro for macro in macros if _has_access(macro, query["access"], request)]
    if "active" in query:
        macros = [macro for macro in macros if macro.active == (query["active"] == "true")]
    if "category" in query:
        macros = [macro for macro in macros if macro.category == query["category"]]
    if is_id(query.get("group_id", "")):
        macros = [macro for macro in macros if int(query["group_id"]) in macro.group_ids]
    return macros


def _has_access(macro: Macro, access: str, request: Request) -> bool:
    if access == "agents":
        request.must_be_admin()
        return macro.owner_id is not None
    if access == "personal":
        return macro.owner_id == request.user_id
    if access == "shared":
        return macro.owner_id is None
    if access == "account":
        return macro.owner_id is None and not macro.group_ids
    raise bad_request(f"{access} is not a valid access")


def _list(sandbox: "Sandbox", request: Request, macros: list[Macro]) -> Answer:
    name = request.query.get("sort_by", "alphabetical")
    key = _sort_key(name)
    ascending = request.query.get("sort_order") or _usual_order(name)
    macros = sorted(macros, key=lambda macro: (key(macro), macro.id), reverse=ascending == "desc")
    ids, render = _rendered(request, macros)
    pairs = [(key(macro), macro.id) for macro in macros]
    column = "title" if name == "alphabetical" else name
    order = Pairs(f"{column},id", pairs, ascending == "desc")
    return Answer(page("macros", ids, render, request, sandbox.settings, order))


def _sort_key(name: str) -> Callable[[Macro], Any]:
    if name in USAGES:
        return lambda macro: macro.usage(name)
    if name not in _SORTS:
        raise bad_request(f"{name} is not a column to sort by")
    return _SORTS[name]


def _usual_order(name: str) -> str:
    return "asc" if name in ("alphabetical", "position") else "desc"


def _rendered(
    request: Request, macros: list[Macro]
) -> tuple[list[int], Callable[[int], dict[str, Any]]]:
    by_id, usages = {macro.id: macro for macro in macros}, _usages(request)
    return list(by_id), lambda number: by_id[number].to_json(request.base_url, usages)


def _usages(request: Request) -> list[str]:
    asked = request.query.get("include", "").split(",")
    return [name for name in USAGES if name in asked]


_ACTION_KINDS: tuple[tuple[str, str, list[str]], ...] = (
    ("subject", "Set subject", []),
    ("status", "Status", ["open", "pending", "hold", "solved"]),
    ("custom_status_id", "Ticket status", [str(number) for number in STATUSES_BY_ID]),
    ("type", "Type", list(TYPES)),
    ("priority", "Priority", list(PRIORITIES)),
    ("group_id", "Group", ["", "current_groups"]),
    ("assignee_id", "Assignee", ["", "current_user"]),
    ("set_tags", "Set tags", []),
    ("current_tags", "Add tags", []),
    ("remove_tags", "Remove tags", []),
    ("follower", "Add follower", ["current_user"]),
    ("comment_value_html", "Comment/description", []),
    ("comment_mode_is_public", "Comment mode", ["true", "false"]),
    *(
        (f"custom_fields_{number}", field.title, list(field.options))
        for number, field in CUSTOM_FIELDS.items()
    ),
)


def _action(name: str, title: str, values: list[str]) -> dict[str, Any]:
    return {
        "value": name,
        "field": name,
        "title": title,
        "title_for_field": title,
        "group": "ticket",
        "target": None,
        "output_key": None,
        "operators": [{"value": "is", "title": "Is"}],
        "values": {"type": _kind(values), "list": _options(values)},
    }


def _definition(name: str, title: str, values: list[str]) -> dict[str, Any]:
    return {
        "subject": name,
        "title": title,
        "type": _kind(values),
        "group": "ticket",
        "nullable": "" in values,
        "repeatable": False,
        "values": _options(values),
    }


def _kind(values: list[str]) -> str:
    return "list" if values else "text"


def _options(values: list[str]) -> list[dict[str, Any]]:
    return [
        {"value": value, "title": value.replace("_", " ").capitalize() or "(none)", "enabled": True}
        for value in values
    ]
