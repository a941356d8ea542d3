"""Runs of jobs as they were measured, kept one by one, so that a long measurement can be cut and taken up."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.floor import Floor, Terms
from bench.orders import KINDS
from bench.script import Script

KEPT = Path(__file__).with_name("jobs.json")


@dataclass(frozen=True)
class Run:
    """One job from its order to its end. Seconds are real ones; `day` names the machine too."""

    kind: str
    tickets: int
    speed: float  # of the sandbox's clock
    terms: Terms
    planning: float
    writing: float
    planning_calls: int
    calls: dict[str, int]  # by route, of planning and writing together
    refused: int  # with 429
    cpu: float  # seconds of web app, worker and beat
    idle: float  # of them, in one second in which they have nothing to do
    peak: int  # kB of web app, worker and beat together (PSS)
    largest: int  # kB of the largest of their processes (RSS)
    sandbox: float  # seconds of processor time that the sandbox took
    broker: float
    day: str

    @property
    def wall(self) -> float:
        return self.planning + self.writing

    @property
    def zendesk_seconds(self) -> float:
        """What it takes at Zendesk's own speed. Our own work counts so many times over."""
        return self.wall * self.speed

    @property
    def floor(self) -> Floor:
        return KINDS[self.kind].floor(self.terms, self.tickets)

    @property
    def of_floor(self) -> float:
        return self.zendesk_seconds / self.floor.seconds

    @property
    def cpu_a_ticket(self) -> float:
        """Milliseconds."""
        return self.cpu / self.tickets * 1000

    @property
    def requests(self) -> int:
        return sum(self.calls.values())


@dataclass
class Runs:
    """What is kept: the newest run of each kind and size, and the newest of the script."""

    runs: dict[tuple[str, int], Run] = field(default_factory=dict)
    script: Script | None = None

    def note(self, run: Run) -> None:
        self.runs[run.kind, run.tickets] = run

    def of(self, kind: str) -> list[Run]:
        """The smallest first."""
        return [run for (named, _), run in sorted(self.runs.items()) if named == kind]

    def get(self, kind: str, tickets: int) -> Run | None:
        return self.runs.get((kind, tickets))

    @classmethod
    def load(cls, path: Path | None = None) -> "Runs":
        path = path or KEPT
        if not path.exists():
            return cls()
        data = json.loads(path.read_text())
        kept = cls(script=Script(**data["script"]) if data["script"] else None)
        for one in data["runs"]:
            kept.note(_run(one))
        return kept

    def save(self, path: Path | None = None) -> None:
        data = {
            "script": asdict(self.script) if self.script else None,
            "runs": [asdict(run) for _, run in sorted(self.runs.items())],
        }
        (path or KEPT).write_text(json.dumps(data, indent=1) + "\n")


def _run(data: dict[str, Any]) -> Run:
    return Run(**data | {"terms": Terms(**data["terms"])})
