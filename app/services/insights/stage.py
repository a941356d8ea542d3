"""What a stage of the pipeline is: a piece of work that is done in slices, any of which may be cut off."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.database import writing
from app.extensions import db


@dataclass(frozen=True)
class Progress:
    """How far a stage is, counted from the beginning of the run. `total` is None where nobody knows; nothing more is
    done before `wait_until`.
    """

    done: int
    total: int | None = None
    is_over: bool = False
    result: dict[str, int | float | str] = field(default_factory=dict)
    wait_until: datetime | None = None


class StageRun(Protocol):
    """The run that a stage works for."""

    @property
    def options(self) -> Mapping[str, int]:
        """`backfill_days` and `batch_size`, and `run`: a number that no other run has."""
        ...

    def check(self) -> None:
        """Make the transaction one that commits only while the run is ours: call it just before each commit, within
        `writing()`. Raises LeaseLost.
        """
        ...


class Stage(Protocol):
    """Work until it is done, or until `time.monotonic()` is `until`. Commits as it goes, so that a kill at any line
    loses one page or batch at most and doubles nothing. Raises StageFailed where trying again is of no use.
    """

    def __call__(self, run: StageRun, until: float) -> Progress: ...


class StageFailed(Exception):
    """The run cannot go on. `code` is short and for programs; the message is a sentence without ticket text."""

    def __init__(self, code: str, words: str):
        super().__init__(words)
        self.code = code


@contextmanager
def written(run: StageRun) -> Iterator[None]:
    """What is done in here is one transaction, committed only while the run is ours. Raises LeaseLost.

    It is begun late: nobody else can write meanwhile on SQLite.
    """
    db.session.rollback()
    with writing():
        try:
            yield
            run.check()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
