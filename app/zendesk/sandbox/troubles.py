"""Which fault has befallen which of Zendesk's jobs."""

import json
from dataclasses import asdict

from .clock import SECOND
from .faults import Faults
from .rules import Rule
from .storage import Storage

_KEEP = "INSERT INTO troubles VALUES (?, ?)"
# Virtual seconds for which a fault lasts that names none.
_LONG, _MOMENT = 3600, 5


class Troubles:
    """At most one for each job, known by the job's number. They outlive a restart."""

    def __init__(self, faults: Faults, storage: Storage) -> None:
        self._faults, self._storage = faults, storage
        self._rules = {
            number: Rule(**json.loads(rule))
            for number, rule in storage.read("SELECT job, rule FROM troubles")
        }

    def befall(self, job: int) -> None:
        """Let a fault befall a new job, if one is switched on."""
        if rule := self._faults.job_trouble():
            self._rules[job] = rule
            self._storage.write(_KEEP, (job, json.dumps(asdict(rule))))

    def queued_longer(self, job: int) -> float:
        """Virtual seconds that it waits beyond the usual."""
        return self._seconds("job_queued_long", job, _LONG)

    def found_later(self, job: int) -> float:
        """Virtual seconds after its creation at which its status is first found."""
        return self._seconds("job_404_for_a_moment", job, _MOMENT)

    def forgotten(self, job: int, age: int) -> bool:
        """Whether nothing is known of a job that was created so many virtual microseconds ago."""
        forgets = self._of("job_forgotten", job)
        return forgets is not None and age >= (forgets.seconds or 0) * SECOND

    def stall(self, job: int, total: int, done: int) -> float | None:
        """Virtual microseconds that it stalls after so many tickets; None means for ever."""
        rule = self._of("job_stalls", job)
        if rule is None or done != _part(rule, total):
            return 0
        return None if rule.seconds is None else rule.seconds * SECOND

    def end(self, job: int, total: int) -> int:
        """After how many tickets it is over, whether they are all or not."""
        rule = self._of("job_fails_halfway", job) or self._of("job_killed", job)
        return _part(rule, total) if rule else total

    def fails(self, job: int) -> bool:
        return self._of("job_fails_halfway", job) is not None

    def kills(self, job: int) -> bool:
        return self._of("job_killed", job) is not None

    def lost(self, job: int) -> float:
        """The share of its results that are lost."""
        rule = self._of("job_loses_results", job)
        if rule is None:
            return 0
        return 1 if rule.share is None else rule.share

    def _of(self, kind: str, job: int) -> Rule | None:
        rule = self._rules.get(job)
        return rule if rule and rule.kind == kind else None

    def _seconds(self, kind: str, job: int, usual: int) -> float:
        rule = self._of(kind, job)
        if rule is None:
            return 0
        return usual if rule.seconds is None else rule.seconds


def _part(rule: Rule, total: int) -> int:
    """How many tickets are done when the fault comes: half of them unless it says more."""
    return int(total * (0.5 if rule.share is None else min(rule.share, 1)))
