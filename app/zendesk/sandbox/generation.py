"""Makes any ticket of the help desk from the seed and its id, so that none need be kept."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from .clock import SECOND
from .episodes import EPISODES
from .fields import (
    MADE_GOOD,
    ORDER_FIELD,
    PRODUCT_FIELD,
    REFUND_FIELD,
    REGION_FIELD,
    REGIONS,
    RESOLUTION_FIELD,
    RESOLUTIONS,
    WAITING_FOR_PARTS,
    WITH_ENGINEERING,
    product_tag,
)
from .problem import Problem
from .problems import PROBLEMS
from .settings import Settings
from .ticket import Ticket
from .words import (
    AWKWARD_BODIES,
    AWKWARD_SUBJECTS,
    CHANNELS,
    CITIES,
    CLOSINGS,
    EXTRA_TAGS,
    FIRST_NAMES,
    GREETINGS,
    GROUPS,
    LANGUAGES,
    LAST_NAMES,
    MONTHS,
    PRODUCTS,
)

DAY = 86_400
SMALL_VIEW_TAG, MEDIUM_VIEW_TAG = "recall-batch-7", "partner"
AGENT_IDS = range(9_002, 9_014)
FIRST_REQUESTER = 100_000
FIRST_ORGANIZATION = 6_001

# A list with repetitions is the plainest way to give a choice its shares.
_STATUSES = ("new",) * 7 + ("open",) * 27 + ("pending",) * 16 + ("hold",) * 5 + ("solved",) * 45
_PRIORITIES = (None,) * 3 + ("low",) * 2 + ("normal",) * 10 + ("high",) * 3 + ("urgent",)
_TYPES = (None, None, "question", "question", "incident", "incident", "problem", "task")
_EXTRA_COUNTS = (0, 0, 1, 1, 2, 2, 3, 4)
_OWN_STATUSES = {"hold": WAITING_FOR_PARTS, "open": WITH_ENGINEERING, "solved": MADE_GOOD}
_FINISHED = frozenset({"solved", "closed"})
_THOUSAND = 1000
_KEPT = 65_536  # tickets, some 80 MB


class Dice:
    """Rolls that depend on nothing but the seed and the id."""

    __slots__ = ("_bits",)

    def __init__(self, seed: int, ticket_id: int) -> None:
        digest = blake2b(b"%d:%d" % (seed, ticket_id), digest_size=48).digest()
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
        self._going_on = [_going_on(day) for day in range(settings.history_days + 2)]
        # Searches and views read every ticket again and again: a small help desk is kept whole.
        self.ticket = lru_cache(maxsize=_KEPT)(self._make)

    @property
    def oldest(self) -> int:
        """No ticket was made, and so none changed, before this moment."""
        step = self._span // max(1, self._settings.tickets)
        return (self._until - self._span - step - 1) * SECOND

    def problem(self, ticket_id: int) -> Problem:
        """What the ticket is really about, for whoever wants to check a guess."""
        dice = Dice(self._settings.seed, ticket_id)
        return self._problem(self._age(ticket_id, dice), dice)

    def _make(self, ticket_id: int) -> Ticket:
        dice = Dice(self._settings.seed, ticket_id)
        age = self._age(ticket_id, dice)
        problem = self._problem(age, dice)
        status = self._status(dice, age)
        product = problem.product or dice.pick(PRODUCTS)
        order = 400_000 + dice.roll(500_000)
        resolution = dice.pick(RESOLUTIONS) if status in _FINISHED else None
        subject, description = _texts(problem, product, order, dice)
        return Ticket(
            id=ticket_id,
            subject=subject,
            description=description,
            status=status,
            priority=dice.pick(_PRIORITIES),
            type=dice.pick(_TYPES),
            group_id=GROUPS[problem.group],
            assignee_id=None if status == "new" or not dice.roll(8) else dice.pick(AGENT_IDS),
            requester_id=FIRST_REQUESTER + dice.roll(max(1, self._settings.tickets // 3)),
            organization_id=FIRST_ORGANIZATION + dice.roll(40) if not dice.roll(5) else None,
            tags=self._tags(ticket_id, problem, product, resolution, dice),
            custom_fields=(
                (ORDER_FIELD, f"#{order}"),
                (PRODUCT_FIELD, _PRODUCT_TAGS[product]),
                (REFUND_FIELD, problem.tag == "refund"),
                (RESOLUTION_FIELD, resolution),
                (REGION_FIELD, dice.pick(REGIONS)),
            ),
            channel=dice.pick(CHANNELS),
            created_at=(self._until - age) * SECOND,
            updated_at=(self._until - dice.roll(age)) * SECOND,
            own_status_id=_OWN_STATUSES.get(status) if not dice.roll(10) else None,
        )

    def _problem(self, age: int, dice: Dice) -> Problem:
        """One that goes on at that time, or one of the lasting ones."""
        rolled = dice.roll(_THOUSAND)
        for most, episode in self._going_on[min(age // DAY, len(self._going_on) - 1)]:
            if rolled < most:
                return episode
        return dice.pick(PROBLEMS)

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

    def _tags(
        self, ticket_id: int, problem: Problem, product: str, resolution: str | None, dice: Dice
    ) -> tuple[str, ...]:
        tags = {dice.pick(EXTRA_TAGS) for _ in range(dice.pick(_EXTRA_COUNTS))}
        tags.add(_PRODUCT_TAGS[product])
        if resolution:
            tags.add(resolution)
        if dice.roll(12):
            tags.add(problem.tag)
        if not dice.roll(25):
            tags.add("vip")
        if self._is_marked(ticket_id, self._settings.small_view):
            tags.add(SMALL_VIEW_TAG)
        if self._is_marked(ticket_id, self._settings.medium_view):
            tags.add(MEDIUM_VIEW_TAG)
        return tuple(sorted(tags))

    def _is_marked(self, ticket_id: int, wanted: int) -> bool:
        """True for `wanted` tickets spread evenly over them all."""
        total = max(1, self._settings.tickets)
        return ticket_id * wanted // total != (ticket_id - 1) * wanted // total


_PRODUCT_TAGS = {product: product_tag(product) for product in PRODUCTS}


def _going_on(day: int) -> list[tuple[int, Problem]]:
    """The episodes of one day, counted back from the end, each with the rolls that mean it."""
    most, found = 0, []
    for episode in EPISODES:
        begins = episode.begins or 0
        if begins - episode.lasts < day <= begins:
            most += int(episode.share * _THOUSAND)
            found.append((most, episode))
    return found


def requester(requester_id: int) -> tuple[str, str]:
    """Name and address of a customer, who is nobody real."""
    number = requester_id - FIRST_REQUESTER
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
    return f"{first} {last}", f"customer.{number}@customers.example"


def _texts(problem: Problem, product: str, order: int, dice: Dice) -> tuple[str, str]:
    subjects, bodies, language = problem.texts(dice.pick(LANGUAGES))
    words = {
        "order": f"#{order}",
        "product": product,
        "city": dice.pick(CITIES),
        "month": dice.pick(MONTHS),
    }
    subject = dice.pick(subjects).format_map(words)
    parts = [dice.pick(GREETINGS[language]), dice.pick(bodies).format_map(words)]
    if not dice.roll(2):
        parts.append(dice.pick(bodies).format_map(words))
    parts.append(dice.pick(CLOSINGS[language]))
    description = "\n\n".join(dict.fromkeys(filter(None, parts)))
    if not dice.roll(9):
        subject, description = _mistyped(subject, dice), _mistyped(description, dice)
    if not dice.roll(80):
        subject = dice.pick(AWKWARD_SUBJECTS)
    if not dice.roll(400):
        description = dice.pick(AWKWARD_BODIES)
    return subject, description


def _mistyped(text: str, dice: Dice) -> str:
    """The same with two letters swapped, one left out or one twice, or all in lower case."""
    place, slip = dice.roll(max(1, len(text) - 1)), dice.roll(4)
    if slip == 0:
        return text.lower()
    before, letters, after = text[:place], text[place : place + 2], text[place + 2 :]
    return before + (letters[::-1], letters[:1], letters[:1] + letters)[slip - 1] + after
