"""The history that pages are measured on."""

import random
from collections import Counter

import pytest

from bench import history
from bench.history import Large


@pytest.mark.parametrize("fate", [history.mixed, history.alike, history.apart, history.planned])
def test_a_ledger_has_what_its_job_counts(fate):
    large = Large(1000, fate)
    rows = list(history._ledger(1, large, random.Random(1)))  # noqa: SLF001 - the one is not for use without the other
    counted = Counter(row["outcome"] for row in rows)

    told = history._counts(large)  # noqa: SLF001

    assert {
        f"{outcome}_count": number for outcome, number in counted.items()
    }.items() <= told.items()
    assert sum(told.values()) == 1000


def test_some_failures_are_of_one_kind_and_some_have_words_of_their_own():
    assert {history.alike(place) for place in range(100)} == {history.alike(0)}
    assert len({history.apart(place).detail for place in range(100)}) == 100


def test_one_ticket_in_twenty_fails():
    outcomes = Counter(history.mixed(place).outcome for place in range(1000))

    assert outcomes["failed"] == 50
