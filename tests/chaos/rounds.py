"""One round: a job, a few faults while it has tickets in flight, and the comparison afterwards."""

import random
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import OperationalError

from app.services import jobs
from tests.chaos.comparison import Comparison, compare
from tests.chaos.faults import FAULTS
from tests.chaos.kinds import KINDS
from tests.chaos.plan import moments, planned

TICKETS = 2000
LONGEST_SECONDS = 240
LOOK_SECONDS = 0.02
OVER = ("completed", "cancelled", "failed")


@dataclass
class Result:
    """What came of a round. It counts if every fault struck while tickets were in flight."""

    seed: str
    database: str
    kind: str
    faults: list[str]
    counts: bool = False
    status: str = ""
    seconds: float = 0.0
    comparison: Comparison = field(default_factory=Comparison)
    complaints: list[str] = field(default_factory=list)

    def __str__(self):
        told = "; ".join(self.complaints) or "as it should be"
        again = f"python -m tests.chaos --seed {self.seed} --database {self.database} --kind {self.kind}"
        return (
            f"[{again}] {' + '.join(self.faults)}: {self.status} after {self.seconds:.1f} s: {told}"
        )


def play(arena, seed, kind, tickets=TICKETS, faults=None):
    """Play the seed's round in the arena."""
    chance = random.Random(f"{seed} {arena.database.name} {kind}")
    plan = planned(seed, arena.database.name, kind, chance)
    if faults is not None:
        plan = replace(plan, faults=tuple(faults), moments=moments(faults, chance))
    return _Round(arena, plan, chance, tickets).play()


class _Round:
    def __init__(self, arena, plan, chance, tickets):
        self.arena, self.chance = arena, chance
        self.ticket_ids = arena.fresh_tickets(tickets)
        if self.ticket_ids is None:
            raise RuntimeError("the arena has no tickets left")
        mark = f"chaos-{plan.seed}-{self.ticket_ids[0]}".replace(".", "-")
        self.kind = KINDS[plan.kind].prepared(arena.zendesk, mark)
        self.result = Result(plan.seed, plan.database, plan.kind, list(plan.faults))
        self.result.complaints += late_effects(arena)
        self.job = arena.launch(self.kind.order(self.ticket_ids))
        when = sorted(zip(plan.moments, plan.faults, strict=True))
        self.waiting = [(moment, FAULTS[name](arena, self.job, chance)) for moment, name in when]
        self.struck = []  # (when to mend it, the fault)
        self.used = []

    def play(self):
        began = time.monotonic()
        while not self._is_over():
            if time.monotonic() - began > LONGEST_SECONDS:
                self.result.complaints.append("hangs")
                break
            time.sleep(LOOK_SECONDS)
        self.result.seconds = time.monotonic() - began
        self._mend_everything()
        self.arena.start_what_is_dead()
        time.sleep(max((fault.echo for fault in self.used), default=0.0))
        self.arena.calm_down()
        self._judge()
        return self.result

    def _is_over(self):
        """Look at the job once, and do what is due."""
        self._mend()
        try:
            seen = self._look(patience=0.0)
        except OperationalError:
            return False  # the database is away, and it is our doing
        if seen.status in OVER:
            return True
        self._strike(seen)
        if seen.status == "paused":
            self.arena.tell(self.job, jobs.resume)
        return False

    def _strike(self, seen):
        done = 1 - seen.planned_count / len(self.ticket_ids)
        if self.waiting and seen.is_sealed and seen.in_flight and done >= self.waiting[0][0]:
            _, fault = self.waiting[0]
            if fault.strike():
                self.waiting.pop(0)
                self.used.append(fault)
                self.struck.append((time.monotonic() + fault.mend_in, fault))

    def _mend(self, *, everything=False):
        """Mend what is due. Where that needs a database that is away, the next look tries again."""
        for entry in list(self.struck):
            moment, fault = entry
            if everything or time.monotonic() >= moment:
                with suppress(OperationalError):
                    fault.mend()
                    self.struck.remove(entry)
                if fault.complaint:
                    self.result.complaints.append(fault.complaint)

    def _mend_everything(self):
        while self.struck:
            self._mend(everything=True)

    def _look(self, patience=60.0):
        query = """
            SELECT jobs.*, plan_digest IS NOT NULL AS is_sealed,
                (SELECT count(*) FROM job_tickets WHERE job_tickets.job_id = jobs.id
                    AND stage IN ('sending', 'sent')) AS in_flight
            FROM jobs WHERE id = :job"""
        return self.arena.ask(query, patience, job=self.job.pk)[0]

    def _judge(self):
        job = self._look()
        rows = self.arena.ask(
            "SELECT ticket_id, outcome, stage FROM job_tickets WHERE job_id = :job", job=self.job.pk
        )
        may_leave_unknown = any(fault.may_leave_unknown for fault in self.used)
        found = compare(
            self.kind,
            self.ticket_ids,
            job,
            rows,
            self.arena.news(),
            may_leave_unknown=may_leave_unknown,
        )
        self.result.status, self.result.comparison = job.status, found
        self.result.counts = not self.waiting and all(
            getattr(fault, "has_struck", True) for fault in self.used
        )
        self.result.complaints += found.complaints
        self.arena.last = (self.result.seed, self.kind)
        if job.status not in OVER:
            self.result.complaints.append(f"it is still {job.status} ({job.wait_reason})")
        if job.status == "failed":
            self.result.complaints.append(f"the job failed: {job.error}")


def late_effects(arena):
    """What the last round's job did to tickets after it was looked at: whatever that is, it was not reported."""
    entries = arena.news()
    if arena.last is None:
        return []
    seed, kind = arena.last
    late = [entry["ticket_id"] for entry in entries if kind.is_effect(entry)]
    return [f"the job of seed {seed} changed {len(late)} tickets after its end"] if late else []
