"""The circuit breaker: a job pauses by itself when too many of its tickets fail."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from flask import current_app

from app.models import Outcome
from app.services.engine.verdict import Verdict
from app.services.reasons import Reason

# "batches": [[tickets, failed], …], newest last; "reason" and "run" of failures in a row
Recent = dict[str, Any]


def noted(recent: Recent | None, verdicts: Iterable[Verdict]) -> Recent:
    """What is remembered of the last tickets, with those of another batch."""
    before = recent or {"batches": [], "reason": None, "run": 0}
    settled = [verdict for verdict in verdicts if verdict.outcome is not Outcome.PLANNED]
    failures = Counter(one.reason for one in settled if one.outcome is Outcome.FAILED)
    batches = (
        [*before["batches"], [len(settled), failures.total()]] if settled else before["batches"]
    )
    return {"batches": _last(batches), **_run(before, len(settled), failures)}


def trips(recent: Recent) -> str | None:
    """Why the job should pause, as a sentence. None if it may go on."""
    config = current_app.config
    if recent["run"] >= config["BREAKER_RUN"]:
        words = Reason(recent["reason"]).sentence
        return f"The last {recent['run']:,} tickets all failed for the same reason. {words}"
    tickets = sum(number for number, _ in recent["batches"])
    failed = sum(number for _, number in recent["batches"])
    if tickets >= config["BREAKER_WINDOW"] and failed * 100 > tickets * config["BREAKER_PERCENT"]:
        return f"Of the last {tickets:,} tickets {failed:,} failed."
    return None


def _last(batches: list[list[int]]) -> list[list[int]]:
    """As few of the newest batches as hold the tickets that are looked at."""
    window, kept, tickets = current_app.config["BREAKER_WINDOW"], [], 0
    for batch in reversed(batches):
        if tickets >= window:
            break
        kept.append(batch)
        tickets += batch[0]
    return kept[::-1]


def _run(before: Recent, settled: int, failures: Counter[Reason | None]) -> Recent:
    """Failures in a row, as far as batches tell: one in which anything else happened ends the row."""
    if not settled:
        return {"reason": before["reason"], "run": before["run"]}
    reason, number = failures.most_common(1)[0] if failures else (None, 0)
    if reason is None or number < settled:
        return {"reason": None, "run": 0}
    return {"reason": reason, "run": number + (before["run"] if before["reason"] == reason else 0)}
