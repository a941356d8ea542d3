"""What is said of the pages that were measured."""

import argparse

from bench import pages
from bench.pages import Answer, Export

CHOSEN = argparse.Namespace(large=3, tickets=10, small=5, database="sqlite")
LIST = """
<a href="/jobs/0b1d2f50-0000-4000-8000-000000000001">One</a>
<a href="/jobs/0b1d2f50-0000-4000-8000-000000000001#tickets">Its tickets</a>
<a href="/jobs/0b1d2f50-0000-4000-8000-000000000002">Another</a>
"""


class Answering:
    """A console whose pages are all alike."""

    content = b"123"

    def __init__(self):
        self.asked = []

    def get(self, path):
        self.asked.append(path)
        return self


def test_the_web_apps_own_time_is_told_for_one_answer():
    console, clock = Answering(), iter([10.0, 10.0 + 0.005 * pages.TIMES])

    answer = pages.ask(console, "the jobs", "/jobs", lambda: next(clock))

    assert round(answer.worked, 6) == 5.0
    assert len(answer.times) == pages.TIMES
    assert console.asked == ["/jobs"] * (pages.TIMES + 1)


def test_a_watched_list_asks_for_each_of_its_jobs_once():
    address = pages._watched(LIST)  # noqa: SLF001 - no page shows it by itself

    ids = [f"0b1d2f50-0000-4000-8000-00000000000{number}" for number in (1, 2)]
    assert address == f"/jobs/now?job={ids[0]}&job={ids[1]}"


def test_the_goals_go_by_the_slowest_page_and_the_worst_export():
    answers = [Answer("fast", [1.0, 2.0, 3.0]), Answer("slow", [90.0, 101.0, 300.0])]
    exports = [Export("csv", 0.2, 9.0, 50, 1024), Export("ndjson", 1.2, 9.0, 50, 512)]

    text = pages.report(CHOSEN, answers, exports)

    assert "the slowest: slow): 101.0, **not met**" in text
    assert "first byte, in ms: 1200, **not met**" in text
    assert "memory, in MB: 1.0, met" in text
