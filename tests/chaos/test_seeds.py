"""Rounds that once came out wrong, played again. Each takes some 15 s."""

from pathlib import Path

import pytest

from tests.chaos.arena import arena
from tests.chaos.rounds import TICKETS, play

pytestmark = [pytest.mark.xdist_group("chaos"), pytest.mark.timeout(600)]

# One a line: seed, database, kind; what was wrong stands above it.
KEPT = [
    line.split()
    for line in Path(__file__).with_name("seeds.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


def test_rounds_that_once_came_out_wrong_come_out_right(request):
    """All of them in the full matrix, the newest one otherwise."""
    full = request.config.getoption("matrix") == "full"
    for seed, database, kind in KEPT if full else KEPT[-1:]:
        with arena(database, 2 * TICKETS) as place:
            result = play(place, seed, kind)

            assert not result.complaints, f"{result}\n{place.last_words()}"
