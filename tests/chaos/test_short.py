"""The most telling faults, one round each; `make chaos` plays two hundred."""

import pytest

from tests.chaos.arena import arena
from tests.chaos.rounds import play

pytestmark = [pytest.mark.xdist_group("chaos"), pytest.mark.timeout(300)]

TICKETS = 12_000
TRIES = 3


@pytest.fixture(scope="module")
def place():
    with arena("sqlite", TICKETS) as running:
        yield running


def come_through(place, kind, *faults):
    """Play until every fault has met tickets in flight, which it nearly always does at once."""
    for seed in range(1, TRIES + 1):
        result = play(place, f"short-{seed}", kind, faults=faults)
        assert not result.complaints, f"{result}\n{place.last_words()}"
        if result.counts:
            return
    raise AssertionError(f"nothing was in flight when it struck: {result}")


@pytest.mark.long
def test_a_job_survives_the_death_of_its_worker_while_messages_come_many_times(place):
    come_through(place, "tag", "worker child killed", "message delivered many times")


@pytest.mark.long
def test_a_worker_that_wakes_after_its_lease_does_nothing_twice(place):
    come_through(place, "macro", "worker child frozen and woken")


@pytest.mark.long
def test_what_zendesk_did_before_the_connection_broke_is_neither_lost_nor_done_again(place):
    come_through(place, "macro", "connection cut after the work", "FLUSHALL")


@pytest.mark.long
def test_results_that_zendesk_does_not_tell_are_found_out(place):
    come_through(
        place,
        "tag",
        "results partly lost",
        "Zendesk job fails half-way",
        "tickets edited meanwhile",
    )
