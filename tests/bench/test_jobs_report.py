"""The tables of jobs, and whether they say that a goal is met only where it is."""

from dataclasses import replace

import pytest

from bench import jobs_report, results
from bench.floor import Terms
from bench.runs import Run, Runs
from bench.script import Script
from bench.table import duration

RUN = Run(
    kind="tags",
    tickets=50_000,
    speed=5.0,
    terms=Terms(),
    planning=12.5,
    writing=112.0,
    planning_calls=504,
    calls={"PUT /api/v2/tickets/update_many": 500, "GET /api/v2/job_statuses/show_many": 380},
    refused=0,
    cpu=14.0,
    idle=0.012,
    peak=500 * 1024,
    largest=100 * 1024,
    sandbox=30.0,
    broker=2.0,
    day="a day",
)
SCRIPT = Script(5000, 5.0, 120.0, 300, 0, "a day")


@pytest.fixture
def runs():
    """Every size, with all goals met."""
    made = Runs(script=SCRIPT)
    made.note(RUN)
    made.note(replace(RUN, tickets=500_000, planning=125.0, writing=1120.0, cpu=140.0))
    made.note(replace(RUN, kind="macro", tickets=500, planning=0.2, writing=13.0))
    return made


def verdicts(runs):
    return [goal.line.rpartition(", ")[2] for goal in jobs_report.goals(runs)]


def test_says_that_goals_are_met(runs):
    assert verdicts(runs) == ["met"] * 6


@pytest.mark.parametrize(
    ("goal", "worse"),
    [
        (0, {"writing": 130.0}),
        (2, {"refused": 1}),
        (3, {"cpu": 15.1}),
        (4, {"peak": 400 * 1024}),
        (4, {"largest": 80 * 1024}),
        (5, {"planning_calls": 511}),
    ],
)
def test_says_which_goal_is_not_met(runs, goal, worse):
    runs.note(replace(RUN, **worse))

    assert [n for n, said in enumerate(verdicts(runs)) if said == "**not met**"] == [goal]


def test_a_macro_that_takes_too_long_is_told(runs):
    runs.note(replace(RUN, kind="macro", tickets=500, planning=0.2, writing=15.0))

    assert verdicts(runs)[1] == "**not met**"


def test_what_was_not_measured_is_neither_met_nor_missed():
    told = [goal.line for goal in jobs_report.goals(Runs())]

    assert all(line.endswith(": not measured") for line in told)


def test_a_run_is_compared_in_zendesks_time():
    assert RUN.zendesk_seconds == pytest.approx(124.5 * 5)
    assert RUN.of_floor == pytest.approx(622.5 / (500 / 490 * 60 + 550))
    assert RUN.cpu_a_ticket == pytest.approx(0.28)


def test_carries_the_scripts_rate_on_and_says_so(runs):
    runs.note(replace(RUN, tickets=5000))

    told = jobs_report.report(runs)

    assert "| 10 min 0 s | 1 h 23 min |" in told  # measured
    assert "| (1 h 40 min) | 13 h 53 min |" in told  # carried on


def test_each_run_is_kept_by_itself(tmp_path, runs):
    file = tmp_path / "jobs.json"
    runs.save(file)
    later = Runs.load(file)
    later.note(replace(RUN, cpu=15.0))
    later.save(file)

    assert Runs.load(file).get("tags", 50_000).cpu == 15.0
    assert Runs.load(file).get("macro", 500) == runs.get("macro", 500)
    assert Runs.load(file).script == SCRIPT


def test_nothing_is_kept_at_first(tmp_path):
    assert Runs.load(tmp_path / "none.json") == Runs()


def test_tells_its_figures(runs, monkeypatch, tmp_path):
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")

    results.keep(jobs_report.report(runs))

    text = results.RESULTS.read_text()
    assert "| add a tag | 50,000 | 5 | 124.5 s | 1 min 2 s | 9 min 20 s | 10 min 22 s |" in text
    assert (
        "| add a tag | 50,000 | 880 | 504 | 500 | 380 | 0 | 14.0 s | 0.28 | 12 ms | 500 MB |"
        in text
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(9.44, "9.4 s"), (59.97, "1 min 0 s"), (566, "9 min 26 s"), (50_000, "13 h 53 min")],
)
def test_durations_are_told_as_people_say_them(seconds, words):
    assert duration(seconds) == words
