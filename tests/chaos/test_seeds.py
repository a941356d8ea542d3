"""Rounds that once came out wrong, played again. Each takes some 15 s, so this is for `make test-full`."""

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


@pytest.fixture
def full(request):
    if request.config.getoption("matrix") != "full":
        pytest.skip("only with --matrix full")


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(("seed", "database", "kind"), KEPT)
def test_a_round_that_once_came_out_wrong_comes_out_right(seed, database, kind):
    with arena(database, 2 * TICKETS) as place:
        result = play(place, seed, kind)

        assert not result.complaints, f"{result}\n{place.last_words()}"
