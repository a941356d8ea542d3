"""The history that pages are measured on."""

import random
from collections import Counter

from bench import history


def test_a_ledger_has_what_its_job_counts():
    rows = list(history._ledger(1, 1000, random.Random(1)))  # noqa: SLF001 - the one is not for use without the other
    counted = Counter(row["outcome"] for row in rows)

    told = history._counts(1000)  # noqa: SLF001

    assert {
        f"{outcome}_count": number for outcome, number in counted.items()
    }.items() <= told.items()
    assert sum(told.values()) == 1000
    assert counted["failed"] == 50
