"""Everybody and every body that the help desk knows: agents, customers, groups, organizations."""

from collections.abc import Iterator
from typing import Any

from .clock import SECOND, from_iso, to_iso
from .generation import AGENT_IDS, FIRST_ORGANIZATION, FIRST_REQUESTER, requester
from .people import ADMIN, AGENT, CUSTOMER, Person
from .words import CITIES, GROUPS, ORGANIZATIONS

_STAFF_NAMES = (
    *("Ines Corvaldo", "Tomasz Zielbach", "Amara Okwuduba", "Yuki Nakamori", "Rhys Penhallow"),
    *("Fatma Çelikhan", "Lars Sjöbrandt", "Priya Raghunath", "Mateo Roqueña", "Noor Halabi"),
    "Zoë van der Wolde",
)
STAFF = {
    person.id: person
    for person in (
        ADMIN,
        AGENT,
        *(
            Person(number, name, f"agent.{number}@sandbox.test", "agent")
            for number, name in zip(AGENT_IDS[1:], _STAFF_NAMES, strict=True)
        ),
    )
}
DEFAULT_GROUP = GROUPS["Technical"]
_ORGANIZATION_COUNT = 40
_LOCALES = ("en-US", "en-US", "en-GB", "de", "fr", "es", "pt-BR", "it", "ja")
_BETWEEN_CUSTOMERS = 60  # seconds from one customer to the next
MADE, CHANGED = "2024-02-01T09:00:00Z", "2026-01-12T09:00:00Z"


class Directory:
    """Looks people and organizations up. Customers are made from their number when asked for."""

    def __init__(self, tickets: int) -> None:
        self._last_requester = FIRST_REQUESTER + max(1, tickets // 3)

    def user(self, user_id: int | None) -> Person | None:
        if user_id in STAFF:
            return STAFF[user_id]
        if user_id == CUSTOMER.id:
            return CUSTOMER
        if user_id is None or not FIRST_REQUESTER <= user_id < self._last_requester:
            return None
        name, email = requester(user_id)
        return Person(user_id, name, email, "end-user")

    def is_called(self, user_id: int | None, words: str) -> bool:
        """True if that is the person's address, or part of the name. Words are in lower case."""
        person = self.user(user_id)
        return bool(person) and (words == person.email or words in person.name.lower())

    def users_called(self, words: str, most: int) -> list[Person]:
        """The first so many people with this address, or with this in their name."""
        found = []
        for person in self._everybody():
            if words in person.name.lower() or words == person.email:
                found.append(person)
                if len(found) == most:
                    break
        return found

    def user_to_json(self, person: Person, base_url: str) -> dict[str, Any]:
        content = person.to_json(base_url)
        if person.id >= FIRST_REQUESTER:
            made = to_iso(_made_at(person.id))
            content |= {"created_at": made, "updated_at": made}
        if person.role == "end-user":
            locale = _LOCALES[person.id % len(_LOCALES)]
            content |= {"locale": locale, "default_group_id": None, "moderator": False}
        return content

    def group_ids(self, words: str) -> set[int]:
        """Groups by number, name or the beginning of it; 0 stands for none."""
        if words == "none":
            return {0}
        if words.isdigit():
            return {int(words)}
        return {number for name, number in GROUPS.items() if name.lower().startswith(words)}

    def group(self, group_id: int | None, base_url: str) -> dict[str, Any] | None:
        for name, number in GROUPS.items():
            if number == group_id:
                return _group(name, number, base_url)
        return None

    def groups(self, base_url: str) -> list[dict[str, Any]]:
        return [_group(name, number, base_url) for name, number in GROUPS.items()]

    def organization_ids(self, words: str) -> set[int]:
        if words == "none":
            return {0}
        if words.isdigit():
            return {int(words)}
        numbers = range(FIRST_ORGANIZATION, FIRST_ORGANIZATION + _ORGANIZATION_COUNT)
        return {number for number in numbers if words in organization_name(number).lower()}

    def organization(self, number: int | None, base_url: str) -> dict[str, Any] | None:
        if number is None or not 0 <= number - FIRST_ORGANIZATION < _ORGANIZATION_COUNT:
            return None
        return {
            "url": f"{base_url}/api/v2/organizations/{number}.json",
            "id": number,
            "name": organization_name(number),
            "shared_tickets": False,
            "shared_comments": False,
            "external_id": None,
            "created_at": MADE,
            "updated_at": CHANGED,
            "domain_names": [f"org-{number}.example"],
            "details": "",
            "notes": "",
            "group_id": None,
            "tags": [],
            "organization_fields": {},
        }

    def organizations(self, base_url: str) -> list[dict[str, Any]]:
        numbers = range(FIRST_ORGANIZATION, FIRST_ORGANIZATION + _ORGANIZATION_COUNT)
        return [one for number in numbers if (one := self.organization(number, base_url))]

    def count(self) -> int:
        """All people, customers among them."""
        return len(STAFF) + self._last_requester - FIRST_REQUESTER

    def changes(self) -> list[tuple[int, int]]:
        """When each person last changed (microseconds) and the person's number, in that order.

        Customers come by number, and the staff last of all.
        """
        customers = range(FIRST_REQUESTER, self._last_requester)
        staff = from_iso(CHANGED)
        return [(_made_at(number), number) for number in customers] + [
            (staff, number) for number in sorted(STAFF)
        ]

    def _everybody(self) -> Iterator[Person]:
        yield from STAFF.values()
        for number in range(FIRST_REQUESTER, self._last_requester):
            name, email = requester(number)
            yield Person(number, name, email, "end-user")


def _made_at(customer: int) -> int:
    """Not all in one second, in which an export by time could not go on."""
    seconds = _BETWEEN_CUSTOMERS * (customer - FIRST_REQUESTER)
    return from_iso(MADE) + seconds * SECOND


def organization_name(number: int | None) -> str:
    """Empty for none."""
    if number is None:
        return ""
    place = number - FIRST_ORGANIZATION
    return f"{CITIES[place % len(CITIES)]} {ORGANIZATIONS[place // 5 % len(ORGANIZATIONS)]}"


def _group(name: str, number: int, base_url: str) -> dict[str, Any]:
    return {
        "url": f"{base_url}/api/v2/groups/{number}.json",
        "id": number,
        "is_public": True,
        "name": name,
        "description": "",
        "default": number == DEFAULT_GROUP,
        "deleted": False,
        "created_at": MADE,
        "updated_at": CHANGED,
    }


def groups_of(person: Person) -> tuple[int, ...]:
    """The groups of an agent, the default one first. The admin is in all of them."""
    numbers = tuple(GROUPS.values())
    if person.role == "admin":
        return (DEFAULT_GROUP, *(number for number in numbers if number != DEFAULT_GROUP))
    if person.id == AGENT.id:
        return (DEFAULT_GROUP,)
    return (numbers[person.id % len(numbers)],)
