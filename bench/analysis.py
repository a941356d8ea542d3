"""How good and how fast the local analyser is: `python -m bench.analysis`.

On the sandbox's own wording, which the word lists were made with, and on those of `analysis_set`.
"""

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from app.services.insights.analysers.analyser import Analysis
from app.services.insights.analysers.local.analyser import analysis_of
from app.services.insights.ticket_text import TicketText
from app.zendesk.sandbox.episodes import EPISODES
from app.zendesk.sandbox.problems import PROBLEMS, Problem
from app.zendesk.sandbox.words import (
    CITIES,
    CLOSINGS,
    EXTRA_TAGS,
    GREETINGS,
    LANGUAGES,
    MONTHS,
    PRODUCTS,
)
from bench.analysis_set import HELD_OUT, SEEN, tickets

KINDS = {
    "billing": {"billing"},
    "shipping-delay": {"delivery"},
    "login": {"account"},
    "app-crash": {"bug"},
    "pairing": {"bug"},
    "leak": {"bug"},
    "refund": {"billing"},
    "wrong-item": {"delivery"},
    "discount": {"billing"},
    "invoice": {"billing"},
    "subscription": {"request"},
    "battery": {"bug"},
    "kettle-firmware": {"bug"},
    "payment-outage": {"billing", "bug"},
    "depot-strike": {"delivery"},
    "phone-system-15": {"bug"},
    "blender-smell": {"bug"},
    "gift-card-zero": {"billing"},
    "scale-sync": {"bug"},
}
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Labelled(NamedTuple):
    """A ticket, and what is right for it: several answers where several are."""

    ticket: TicketText
    right: dict[str, set[str]]


def of_sandbox(number: int, seed: int = 5) -> Iterator[Labelled]:
    """Without the tag of the problem, which would give the kind away."""
    dice = random.Random(seed)
    for ticket_id in range(number):
        problem = dice.choice(PROBLEMS + EPISODES)
        subjects, bodies, language = problem.texts(dice.choice(LANGUAGES))
        words = _words(problem, dice)
        parts = [
            dice.choice(GREETINGS[language]),
            dice.choice(bodies).format_map(words),
            dice.choice(CLOSINGS[language]),
        ]
        tags = (dice.choice(EXTRA_TAGS), words["product"].lower().replace(" ", "_"))
        subject = dice.choice(subjects).format_map(words)
        ticket = TicketText(ticket_id, subject, "\n\n".join(filter(None, parts)), tags, NOW)
        yield Labelled(ticket, {"language": {language}, "kind": KINDS[problem.key]})


def of_people(text: str = HELD_OUT) -> Iterator[Labelled]:
    for ticket_id, (language, kind, severity, sentiment, subject, body) in enumerate(tickets(text)):
        right = {"language": language, "kind": kind, "severity": severity, "sentiment": sentiment}
        ticket = TicketText(ticket_id, subject, body, (), NOW)
        yield Labelled(ticket, {part: {value} for part, value in right.items()})


def measure(title: str, labelled: list[Labelled]) -> list[tuple[Labelled, Analysis]]:
    begun = time.process_time()
    analyses = [analysis_of(one.ticket) for one in labelled]
    seconds = time.process_time() - begun
    pairs = list(zip(labelled, analyses, strict=True))
    print(f"\n{title}: {len(pairs):,} tickets, {len(pairs) / seconds:,.0f} a second on one core")
    for part in pairs[0][0].right:
        print(
            f"  {part}: {_share(part, pairs):.1%} right; when it was sure {_by_confidence(part, pairs)}"
        )
    for language, some in _by_language(pairs).items():
        print(f"    kind in {language}: {_share('kind', some):.1%} of {len(some)}")
    return pairs


def _words(problem: Problem, dice: random.Random) -> dict[str, str]:
    return {
        "order": f"#{dice.randrange(400_000, 900_000)}",
        "product": problem.product or dice.choice(PRODUCTS),
        "city": dice.choice(CITIES),
        "month": dice.choice(MONTHS),
    }


def _is_right(part: str, one: Labelled, analysis: Analysis) -> bool:
    return str(getattr(analysis, part)) in one.right[part]


def _share(part: str, pairs: Iterable[tuple[Labelled, Analysis]]) -> float:
    found = [_is_right(part, *pair) for pair in pairs]
    return sum(found) / len(found)


def _by_confidence(part: str, pairs: list[tuple[Labelled, Analysis]]) -> str:
    """“0.6 and more: 99% of 80”, from the surest down."""
    told = []
    for low, high in ((0.75, 1.01), (0.55, 0.75), (0.0, 0.55)):
        some = [pair for pair in pairs if low <= pair[1].confidences[part] < high]
        if some:
            told.append(f"{low:.2f}+: {_share(part, some):.0%} of {len(some)}")
    return ", ".join(told)


def _by_language(
    pairs: list[tuple[Labelled, Analysis]],
) -> dict[str, list[tuple[Labelled, Analysis]]]:
    numbers = Counter(next(iter(one.right["language"])) for one, _ in pairs)
    return {
        language: [pair for pair in pairs if language in pair[0].right["language"]]
        for language, _ in numbers.most_common()
    }


def main() -> None:
    list(map(analysis_of, (one.ticket for one in of_sandbox(200, seed=1))))  # reads the word lists
    measure("The sandbox's wording", list(of_sandbox(6_000)))
    measure("Other trades, by which the lists were corrected", list(of_people(SEEN)))
    measure("Other trades, which nobody tuned it on", list(of_people()))


if __name__ == "__main__":
    main()
