"""People and groups, which can be read but not changed."""

from typing import TYPE_CHECKING

from ..answers import Answer, bad_request, not_found
from ..asking import Request
from ..directory import STAFF
from ..paging import Keyset, by_offset, page
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
_MOST_FOUND = 1_000


@routes.get("/users")
def staff(sandbox: "Sandbox", request: Request) -> Answer:
    """Agents and admins; the customers are only found by id, name or address."""
    directory = sandbox.desk.directory
    asked = request.query.get("role") or request.query.get("role[]")
    by_id = {person.id: person for person in STAFF.values() if asked in (None, "", person.role)}

    def render(user_id: int):
        return directory.user_to_json(by_id[user_id], request.base_url)

    return Answer(page("users", sorted(by_id), render, request, sandbox.settings, Keyset("id")))


@routes.get("/users/show_many")
def show_many(sandbox: "Sandbox", request: Request) -> Answer:
    """In ascending order of ids; missing ones are left out."""
    directory = sandbox.desk.directory
    ids = sorted(set(request.ids(sandbox.settings.show_many_max)))
    people = [person for person in map(directory.user, ids) if person]
    found = [directory.user_to_json(person, request.base_url) for person in people]
    count = len(found)
    return Answer({"users": found, "next_page": None, "previous_page": None, "count": count})


@routes.get("/users/search")
def search(sandbox: "Sandbox", request: Request) -> Answer:
    """By part of the name, or by the whole address."""
    directory = sandbox.desk.directory
    words = request.query.get("query", "").lower().removeprefix("email:").strip('"')
    if not words:
        raise bad_request("query is missing")
    by_id = {person.id: person for person in directory.users_called(words, _MOST_FOUND)}

    def render(user_id: int):
        return directory.user_to_json(by_id[user_id], request.base_url)

    return Answer(by_offset("users", list(by_id), render, request, sandbox.settings))


@routes.get("/users/{id}")
def show(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    person = sandbox.desk.directory.user(id)
    if person is None:
        raise not_found()
    return Answer({"user": sandbox.desk.directory.user_to_json(person, request.base_url)})


@routes.get("/groups")
def groups(sandbox: "Sandbox", request: Request) -> Answer:
    return _groups(sandbox, request)


@routes.get("/groups/assignable")
def assignable(sandbox: "Sandbox", request: Request) -> Answer:
    """Those to which the person who asks may give tickets: here all of them."""
    return _groups(sandbox, request)


@routes.get("/groups/{id}")
def group(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    found = sandbox.desk.directory.group(id, request.base_url)
    if found is None:
        raise not_found()
    return Answer({"group": found})


def _groups(sandbox: "Sandbox", request: Request) -> Answer:
    by_id = {group["id"]: group for group in sandbox.desk.directory.groups(request.base_url)}
    ids, order = sorted(by_id), Keyset("id")
    return Answer(page("groups", ids, by_id.__getitem__, request, sandbox.settings, order))
