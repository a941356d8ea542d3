"""Who belongs to which group and organization, and whose tickets are whose."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..answers import Answer, not_found
from ..asking import Request
from ..directory import CHANGED, MADE, STAFF, groups_of
from ..paging import Keyset, page
from ..people import Person
from ..routing import Routes
from .tickets import existing

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.get("/group_memberships")
def all_memberships(sandbox: "Sandbox", request: Request) -> Answer:
    return _memberships(sandbox, request, STAFF.values())


@routes.get("/groups/{id}/memberships")
def of_group(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    _check_group(sandbox, request, id)
    return _memberships(sandbox, request, STAFF.values(), only=id)


@routes.get("/users/{id}/group_memberships")
def of_user(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return _memberships(sandbox, request, [_person(sandbox, id)])


@routes.get("/groups/{id}/users")
def group_users(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    _check_group(sandbox, request, id)
    directory = sandbox.desk.directory
    found = [person for person in STAFF.values() if id in groups_of(person)]
    rows = [directory.user_to_json(person, request.base_url) for person in found]
    return _list(sandbox, request, "users", rows)


@routes.get("/users/{id}/groups")
def user_groups(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    numbers = _groups_of(_person(sandbox, id))
    groups = sandbox.desk.directory.groups(request.base_url)
    return _list(sandbox, request, "groups", [one for one in groups if one["id"] in numbers])


@routes.get("/organizations/{id}/users")
def organization_users(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    """Nobody: here a ticket belongs to an organization, and a customer to none."""
    _check_organization(sandbox, request, id)
    return _list(sandbox, request, "users", [])


@routes.get("/organizations/{id}/tickets")
def organization_tickets(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    _check_organization(sandbox, request, id)
    return _tickets(sandbox, request, "organization_id", id)


@routes.get("/users/{id}/tickets/requested")
def requested(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return _tickets(sandbox, request, "requester_id", _person(sandbox, id).id)


@routes.get("/users/{id}/tickets/assigned")
def assigned(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return _tickets(sandbox, request, "assignee_id", _person(sandbox, id).id)


@routes.get("/users/{id}/tickets/ccd")
def copied(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    """Nobody gets copies by e-mail here."""
    _person(sandbox, id)
    return _list(sandbox, request, "tickets", [])


@routes.get("/tickets/{id}/collaborators")
def collaborators(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    directory = sandbox.desk.directory
    people = map(directory.user, existing(sandbox, id).follower_ids)
    rows = [directory.user_to_json(person, request.base_url) for person in people if person]
    return _list(sandbox, request, "users", rows)


@routes.get("/tickets/{id}/incidents")
def incidents(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    """None: here no ticket names another as its problem."""
    existing(sandbox, id)
    return _list(sandbox, request, "tickets", [])


def _memberships(
    sandbox: "Sandbox", request: Request, people: Iterable[Person], only: int | None = None
) -> Answer:
    rows = [
        _membership(person, group_id, place == 0, request.base_url)
        for person in people
        for place, group_id in enumerate(_groups_of(person))
        if only in (None, group_id)
    ]
    return _list(sandbox, request, "group_memberships", rows)


def _membership(person: Person, group_id: int, default: bool, base_url: str) -> dict[str, Any]:
    number = person.id * 1_000 + group_id
    return {
        "url": f"{base_url}/api/v2/group_memberships/{number}.json",
        "id": number,
        "user_id": person.id,
        "group_id": group_id,
        "default": default,
        "created_at": MADE,
        "updated_at": CHANGED,
    }


def _tickets(sandbox: "Sandbox", request: Request, column: str, number: int) -> Answer:
    def render(ticket_id: int) -> dict[str, Any]:
        return existing(sandbox, ticket_id).to_json(request.base_url)

    ids = [ticket.id for ticket in sandbox.desk.tickets if getattr(ticket, column) == number]
    order = Keyset("nice_id")
    return Answer(page("tickets", sorted(ids), render, request, sandbox.settings, order))


def _list(sandbox: "Sandbox", request: Request, name: str, rows: list[dict[str, Any]]) -> Answer:
    by_id = {row["id"]: row for row in rows}
    ids, order = sorted(by_id), Keyset("id")
    return Answer(page(name, ids, by_id.__getitem__, request, sandbox.settings, order))


def _groups_of(person: Person) -> tuple[int, ...]:
    """A customer is in no group."""
    return groups_of(person) if person.id in STAFF else ()


def _person(sandbox: "Sandbox", user_id: int) -> Person:
    person = sandbox.desk.directory.user(user_id)
    if person is None:
        raise not_found()
    return person


def _check_group(sandbox: "Sandbox", request: Request, group_id: int) -> None:
    if sandbox.desk.directory.group(group_id, request.base_url) is None:
        raise not_found()


def _check_organization(sandbox: "Sandbox", request: Request, number: int) -> None:
    if sandbox.desk.directory.organization(number, request.base_url) is None:
        raise not_found()
