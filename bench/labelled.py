"""A help desk whose tickets' problems are known: the sandbox's own, in its words or in those of `wordings`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.zendesk.sandbox import Settings
from app.zendesk.sandbox.clock import SECOND
from app.zendesk.sandbox.generation import Dice, Generator, _texts
from app.zendesk.sandbox.words import PRODUCTS
from bench.wordings import Wording

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
SEED = 20_261_101


@dataclass(frozen=True)
class Labelled:
    """A ticket with what it is really about. Its tags are left out, since they name that."""

    ticket_id: int
    subject: str
    description: str
    created_at: datetime
    requester_id: int
    organization_id: int | None
    truth: str


def tickets(count: int, wordings: Sequence[Wording] = ()) -> Iterator[Labelled]:
    """The oldest first. Without wordings they are the sandbox's own."""
    settings = Settings(tickets=count, seed=SEED)
    generator = Generator(settings, int(UNTIL.timestamp()) * SECOND)
    by_key = {one.key: one for one in wordings}
    new = [one for one in wordings if one.share]
    for ticket_id in range(1, count + 1):
        ticket = generator.ticket(ticket_id)
        truth, words = generator.problem(ticket_id).key, (ticket.subject, ticket.description)
        if wordings:
            dice = Dice(SEED + 1, ticket_id)
            one = _new(new, dice) or by_key[truth]
            truth, words = one.key, _words(one, dice)
        created_at = datetime.fromtimestamp(ticket.created_at / SECOND, UTC)
        people = ticket.requester_id, ticket.organization_id
        yield Labelled(ticket_id, *words, created_at, *people, truth)


def _new(new: Sequence[Wording], dice: Dice) -> Wording | None:
    rolled = dice.roll(1000)
    for one in new:
        if rolled < one.share:
            return one
        rolled -= one.share
    return None


def _words(one: Wording, dice: Dice) -> tuple[str, str]:
    product = one.product or dice.pick(PRODUCTS)
    return _texts(one, product, 400_000 + dice.roll(500_000), dice)  # type: ignore[arg-type]
