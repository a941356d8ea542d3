"""The least time that Zendesk's limits allow for a job, whoever does it. Times are Zendesk's, in seconds."""

from dataclasses import dataclass
from math import ceil

PAGE = BATCH = 100  # tickets a page, and a call


@dataclass(frozen=True)
class Terms:
    """What a run may use: Zendesk's published limits, and our settings."""

    limit: int = 700  # calls a minute
    reserve: float = 0.3  # of them, for people
    in_flight: int = 10  # Zendesk jobs of ours at a time
    job_rate: float = 10.0  # tickets a second of one Zendesk job
    job_delay: float = 1.0  # seconds until a Zendesk job begins, in which it has a place already

    @property
    def permitted(self) -> float:
        """Calls a second."""
        return self.limit * (1 - self.reserve) / 60

    @property
    def words(self) -> str:
        return (
            f"{self.limit} calls a minute less a reserve of {self.reserve:.0%}, {self.in_flight} Zendesk jobs in "
            f"flight, each {self.job_delay:g} s until it begins and then {self.job_rate:g} tickets a second"
        )


@dataclass(frozen=True)
class Floor:
    """Nothing here is taken from the run, so that a wasteful one has no higher floor.

    `reads` are calls that each ticket takes of its own.
    """

    terms: Terms
    tickets: int  # read
    changes: int  # of them written
    reads: int = 0

    @property
    def pages(self) -> int:
        return ceil(self.tickets / PAGE)

    @property
    def updates(self) -> int:
        return ceil(self.changes / BATCH)

    @property
    def polls(self) -> int:
        """One tells of all that are in flight, and each round of them needs one."""
        return ceil(self.updates / self.terms.in_flight)

    @property
    def planning(self) -> float:
        return self.pages / self.terms.permitted

    @property
    def calls(self) -> float:
        """What the calls of the writing take."""
        return (self.reads + self.updates + self.polls) / self.terms.permitted

    @property
    def zendesk(self) -> float:
        """What Zendesk's own jobs take. They run side by side, each as long as a batch takes; the last may be short."""
        terms = self.terms
        full, rest = divmod(self.changes, BATCH)
        rounds, left = divmod(full, terms.in_flight)
        last = BATCH if left else rest
        whole = terms.job_delay + BATCH / terms.job_rate
        return rounds * whole + (terms.job_delay + last / terms.job_rate if last else 0.0)

    @property
    def writing(self) -> float:
        return max(self.calls, self.zendesk)

    @property
    def seconds(self) -> float:
        return self.planning + self.writing

    @property
    def formula(self) -> str:
        terms, rate = self.terms, f"{self.terms.permitted * 60:g}/min"
        reads = f"{self.reads:,} reads + " if self.reads else ""
        return (
            f"{self.tickets:,} tickets: {self.pages:,} pages ÷ {rate} = {self.planning:.1f} s; "
            f"larger of ({reads}{self.updates:,} updates + {self.polls:,} polls) ÷ {rate} = {self.calls:.1f} s and "
            f"{self.updates:,} Zendesk jobs of {terms.job_delay + BATCH / terms.job_rate:g} s, {terms.in_flight} at a "
            f"time = {self.zendesk:.1f} s; together {self.seconds:.1f} s"
        )
