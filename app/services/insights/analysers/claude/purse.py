"""What the calls of a run may cost, and have cost: kept by the month, and by the run."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from app.database import now, tried_again, writing
from app.extensions import db
from app.models import AnalysisSpending
from app.services import settings

MICRO = 1_000_000
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_SPENT = func.coalesce(func.sum(AnalysisSpending.micro_dollars), 0)


class CapReached(Exception):
    """Its message says which cap, for people."""


@dataclass(frozen=True)
class Reservation:
    """The most that a call may cost, in millionths of a dollar, and the month that pays for it."""

    micro_dollars: int
    month: str


class Purse:
    """Of one run. There is one run at a time, and one thread in it that pays."""

    def __init__(self, run_number: int) -> None:
        # A run without a number is paid for with all others of its day.
        self.run_number = run_number or int(f"{now():%Y%m%d}")

    @tried_again()
    def reserve(self, micro_dollars: int) -> Reservation:
        """Count the most that a call may cost before it is made. Raises CapReached."""
        month = this_month()
        run_cap, month_cap = caps()
        with writing(), db.engine.begin() as database:
            of_run = spent(database, AnalysisSpending.run_id == self.run_number)
            of_month = spent(database, AnalysisSpending.month == month)
            if of_run + micro_dollars > run_cap:
                raise CapReached(_reached("this run", run_cap, of_run))
            if of_month + micro_dollars > month_cap:
                raise CapReached(_reached("this month", month_cap, of_month))
            self._add(database, month, micro_dollars=micro_dollars, calls=1)
        return Reservation(micro_dollars, month)

    @tried_again()
    def settle(self, reserved: Reservation, micro_dollars: int, sent: int, answered: int) -> None:
        """What the call really cost, and its tokens."""
        changes = {
            "micro_dollars": micro_dollars - reserved.micro_dollars,
            "input_tokens": sent,
            "output_tokens": answered,
        }
        with writing(), db.engine.begin() as database:
            self._add(database, reserved.month, **changes)

    @tried_again()
    def set_back(self) -> int:
        """Note a slice in which no call was answered. How many there were in a row."""
        with writing(), db.engine.begin() as database:
            self._add(database, this_month(), setbacks=1)
            number = select(func.sum(AnalysisSpending.setbacks)).where(self._mine)
            return int(database.scalar(number) or 0)

    @tried_again()
    def got_on(self) -> None:
        had = select(func.count()).where(self._mine, AnalysisSpending.setbacks > 0)
        with db.engine.connect() as database:
            if not database.scalar(had):
                return
        with writing(), db.engine.begin() as database:
            database.execute(update(AnalysisSpending).where(self._mine).values(setbacks=0))

    @property
    def _mine(self) -> Any:
        return AnalysisSpending.run_id == self.run_number

    def _add(self, database: Connection, month: str, **changes: int) -> None:
        usual = {
            "micro_dollars": 0,
            "calls": 0,
            "input_tokens": 0,
            "output_tokens": 0,
            "setbacks": 0,
        }
        row = {"month": month, "run_id": self.run_number, **usual, **changes}
        new = _INSERT[database.dialect.name](AnalysisSpending).values(row)
        more = {name: getattr(AnalysisSpending, name) + new.excluded[name] for name in changes}
        database.execute(new.on_conflict_do_update(index_elements=["month", "run_id"], set_=more))


def this_month() -> str:
    return f"{now():%Y-%m}"


def caps() -> tuple[int, int]:
    """Of a run and of a month, in millionths of a dollar."""
    of_run = int(settings.current("claude_dollars_a_run"))
    return of_run * MICRO, int(settings.current("claude_dollars_a_month")) * MICRO


def spent(database: Connection, condition: Any) -> int:
    return int(database.scalar(select(_SPENT).where(condition)) or 0)


def _reached(what: str, cap: int, so_far: int) -> str:
    return (
        f"The analysis by Claude stopped: it has cost {so_far / MICRO:,.2f} of the {cap / MICRO:,.0f} dollars that it "
        f"may cost in {what}. What was analysed is kept, the rest waits. An admin can raise the cap in the settings."
    )
