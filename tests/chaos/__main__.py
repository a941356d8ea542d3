"""`make chaos`: 200 rounds, on both databases and with each kind of job in turn. Ctrl-C, and it goes on next time."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from tests.chaos import table
from tests.chaos.arena import TICKETS, arena
from tests.chaos.comparison import Comparison
from tests.chaos.kinds import KINDS
from tests.chaos.rounds import TICKETS as TICKETS_A_ROUND
from tests.chaos.rounds import Result, play

PROGRESS = Path(__file__).parents[2] / "instance" / "chaos.jsonl"
DATABASES = ("sqlite", "postgresql")
AT_A_TIME = 20  # rounds on one database before it is the other's turn
DERIVED = 4  # seeds derived from one whose faults met nothing in flight


def main() -> int:
    chosen = _parser().parse_args()
    if chosen.seed:
        return _again(chosen)
    done = _done(chosen.progress)
    todo = [one for one in _rounds(chosen) if one not in {_name(result) for result in done}]
    try:
        for result in _played(todo):
            done.append(result)
            _keep(chosen.progress, result)
            print(f"{len(done):>4} {result}", flush=True)
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return 130
    table.write(done)
    wrong = [result for result in done if result.complaints]
    print(f"{len(done)} rounds, {len(wrong)} with complaints; {table.PATH} is written.")
    for result in wrong:
        print(result)
    return bool(wrong)


def _again(chosen: argparse.Namespace) -> int:
    with arena(chosen.database, tickets=2 * TICKETS_A_ROUND) as place:
        result = play(place, chosen.seed, chosen.kind)
        print(result)
        print(result.comparison)
        if result.complaints:
            print(place.last_words(100))
    return bool(result.complaints)


def _rounds(chosen: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    """Seed, database and kind of each round."""
    for number in range(chosen.first, chosen.first + chosen.rounds):
        database = DATABASES[number // AT_A_TIME % len(DATABASES)]
        yield str(number), database, chosen.kinds[number % len(chosen.kinds)]


def _played(todo: list[tuple[str, str, str]]) -> Iterator[Result]:
    """The rounds' results, in arenas that are kept while they serve."""
    place, left = None, 0
    with ExitStack() as stack:
        for seed, database, kind in todo:
            if place is None or place.database.name != database or left < 1:
                stack.close()
                place = stack.enter_context(arena(database))
                left = TICKETS // TICKETS_A_ROUND - DERIVED
            result = play(place, seed, kind)
            left -= 1
            for number in range(1, DERIVED + 1):
                if result.counts or result.complaints or left < 1:
                    break
                result = play(place, f"{seed}.{number}", kind)
                left -= 1
            yield result
            if result.complaints:
                print(place.last_words(40), file=sys.stderr)
                left = 0  # who knows what is left of it


def _name(result: Result) -> tuple[str, str, str]:
    return result.seed.split(".")[0], result.database, result.kind


def _done(path: Path) -> list[Result]:
    if not path.exists():
        return []
    kept = [json.loads(line) for line in path.read_text().splitlines()]
    return [Result(**one | {"comparison": Comparison(**one["comparison"])}) for one in kept]


def _keep(path: Path, result: Result) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(asdict(result)) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the first round's seed")
    parser.add_argument(
        "--kinds", nargs="+", default=list(KINDS), choices=list(KINDS), help="taken in turn"
    )
    parser.add_argument(
        "--progress", type=Path, default=PROGRESS, metavar="FILE", help="what is done already"
    )
    parser.add_argument("--seed", help="play the round of this seed alone, and tell all about it")
    parser.add_argument("--database", choices=DATABASES, default=DATABASES[0])
    parser.add_argument("--kind", choices=list(KINDS), default=next(iter(KINDS)))
    return parser


if __name__ == "__main__":
    sys.exit(main())
