"""Makes any ticket of the help desk from the seed and its id, so that none need be kept."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from .clock import SECOND
from .settings import Settings
from .ticket import Ticket, clean_tags
from .words import (
    AWKWARD_SUBJECTS,
    CHANNELS,
    CITIES,
    EXTRA_TAGS,
    FIRST_NAMES,
    GREETINGS,
    GROUPS,
    LAST_NAMES,
    MONTHS,
    PROBLEMS,
    PRODUCTS,
    Problem,
)

DAY = 86_400
ORDER_FIELD, PRODUCT_FIELD, REFUND_FIELD = 360_001, 360_002, 360_003
SMALL_VIEW_TAG, MEDIUM_VIEW_TAG = "recall-batch-7", "partner"
AGENT_IDS = range(9_002, 9_014)
FIRST_REQUESTER = 100_000
FIRST_ORGANIZATION = 6_001

# A list with repetitions is the plainest way to give a choice its shares.
_STATUSES = ("new",) * 7 + ("open",) * 27 + ("pending",) * 16 + ("hold",) * 5 + ("solved",) * 45
_PRIORITIES = (None,) * 3 + ("low",) * 2 + ("normal",) * 10 + ("high",) * 3 + ("urgent",)
_TYPES = (None, None, "question", "question", "incident", "incident", "problem", "task")
_EXTRA_COUNTS = (0, 0, 1, 1, 2, 2, 3, 4)


class Dice:
    """Rolls that depend on nothing but the seed and the id."""

    __slots__ = ("_bits",)

    def __init__(self, seed: int, ticket_id: int) -> None:
        digest = blake2b(b"%d:%d" % (seed, ticket_id), digest_size=32).digest()
        self._bits = int.from_bytes(digest)

    def roll(self, sides: int) -> int:
        self._bits, rolled = divmod(self._bits, sides)
        return rolled

    def pick(self, options: Sequence[Any]) -> Any:
        self._bits, rolled = divmod(self._bits, len(options))
        return options[rolled]


class Generator:
    """Ticket `id` of the help desk whose history ends at `until` (virtual microseconds)."""

    def __init__(self, settings: Settings, until: int) -> None:
        self._settings = settings
        self._until = until // SECOND
        self._span = settings.history_days * DAY
        self._tag_sets: dict[tuple[str, ...], tuple[str, ...]] = {}

    def ticket(self, ticket_id: int) -> Ticket:
        dice = Dice(self._settings.seed, ticket_id)
        problem = dice.pick(PROBLEMS)
        age = self._age(ticket_id, dice)
        status = self._status(dice, age)
        group_id = GROUPS[problem.group]
        assignee_id = None if status == "new" or not dice.roll(8) else dice.pick(AGENT_IDS)
        tags = self._tags(ticket_id, problem, dice)
        order, product = 400_000 + dice.roll(500_000), dice.pick(PRODUCTS)
        words = {
            "order": f"#{order}",
            "product": product,
            "city": dice.pick(CITIES),
            "month": dice.pick(MONTHS),
        }
        return Ticket(
            id=ticket_id,
            subject=_subject(problem, dice, words),
            description=_description(problem, dice, words),
            status=status,
            priority=dice.pick(_PRIORITIES),
            type=dice.pick(_TYPES),
            group_id=group_id,
            assignee_id=assignee_id,
            requester_id=FIRST_REQUESTER + dice.roll(max(1, self._settings.tickets // 3)),
            organization_id=FIRST_ORGANIZATION + dice.roll(40) if not dice.roll(5) else None,
            tags=tags,
            custom_fields=(
                (ORDER_FIELD, str(order)),
                (PRODUCT_FIELD, product.lower().replace(" ", "_")),
                (REFUND_FIELD, problem.tag == "refund"),
            ),
            channel=dice.pick(CHANNELS),
            created_at=(self._until - age) * SECOND,
            updated_at=(self._until - dice.roll(age)) * SECOND,
        )

    def _age(self, ticket_id: int, dice: Dice) -> int:
        """Seconds since it was made: older tickets have lower ids."""
        step = self._span / max(1, self._settings.tickets)
        return int((self._settings.tickets - ticket_id) * step) + 1 + dice.roll(max(1, int(step)))

    def _status(self, dice: Dice, age: int) -> str:
        """Old tickets are the closed ones: twice the share at the old end, none at the new."""
        chance = 2 * self._settings.closed_share * age / self._span
        if dice.roll(1_000_000) < chance * 1_000_000:
            return "closed"
        return dice.pick(_STATUSES)

    def _tags(self, ticket_id: int, problem: Problem, dice: Dice) -> tuple[str, ...]:
        tags = [dice.pick(EXTRA_TAGS) for _ in range(dice.pick(_EXTRA_COUNTS))]
        if dice.roll(12):
            tags.append(problem.tag)
        if not dice.roll(25):
            tags.append("vip")
        if self._is_marked(ticket_id, self._settings.small_view):
            tags.append(SMALL_VIEW_TAG)
        if self._is_marked(ticket_id, self._settings.medium_view):
            tags.append(MEDIUM_VIEW_TAG)
        drawn = tuple(tags[-6:])
        known = self._tag_sets.get(drawn)
        if known is None:
            known = self._tag_sets.setdefault(drawn, clean_tags(drawn))
        return known

    def _is_marked(self, ticket_id: int, wanted: int) -> bool:
        """True for `wanted` tickets spread evenly over them all."""
        total = max(1, self._settings.tickets)
        return ticket_id * wanted // total != (ticket_id - 1) * wanted // total


def requester(requester_id: int) -> tuple[str, str]:
    """Name and address of a customer, who is nobody real."""
    number = requester_id - FIRST_REQUESTER
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
    return f"{first} {last}", f"{first}.{last}.{number}@customers.example".lower()


def _subject(problem: Problem, dice: Dice, words: dict[str, str]) -> str:
    if not dice.roll(80):
        return dice.pick(AWKWARD_SUBJECTS)
    return dice.pick(problem.subjects).format_map(words)


def _description(problem: Problem, dice: Dice, words: dict[str, str]) -> str:
    first, second = dice.pick(problem.bodies), dice.pick(problem.bodies)
    body = first if first == second else f"{first} {second}"
    return f"{dice.pick(GREETINGS)}\n\n{body.format_map(words)}"
