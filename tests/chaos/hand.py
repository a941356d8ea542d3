"""A worker of one job, as a process of its own that dies or freezes exactly where a test wants it to."""

import argparse
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app import create_app
from app.extensions import db
from app.models import Job
from app.services import leasing
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.zendesk.client import Client
from app.zendesk.transport import Transport
from tests.chaos.guards import TAKEN_OUT

SIGNALS = {"freezes": signal.SIGSTOP, "dies": signal.SIGKILL}
UPDATES = ("update_same", "update_each")
SHORT_LEASE = timedelta(seconds=1)
SLICES = 200


def main() -> None:
    chosen = _parser().parse_args()
    if chosen.without:
        TAKEN_OUT[chosen.without]()
    if chosen.falls:
        leasing.LEASE = SHORT_LEASE  # so that nobody need wait for long until it has run out
        _fall(*chosen.falls)
    with create_app().app_context():
        _work(chosen.job_id)


def _work(job_id: str) -> None:
    """Slice after slice, until only a person moves the job on."""
    for _ in range(SLICES):
        wait = advance(job_id, Pace(seconds=10))
        db.session.rollback()
        if db.session.query(Job).filter_by(job_id=job_id).one().state.rests:
            return
        time.sleep(min(wait or 0.2, 0.5))
    raise SystemExit(f"the job did not end in {SLICES} slices")


def _fall(how: str, when: str, call: str) -> None:
    """Die or freeze, once, just before the first call of this name, or when its answer is there.

    “socket” is where an update of many has nothing more to pass but the network.
    """
    if call == "socket":
        _wrap(Transport, "_send", when, SIGNALS[how], lambda request: "update_many" in request.url)
        return
    for name in UPDATES if call == "update" else (call,):
        _wrap(Client, name, when, SIGNALS[how])


def _wrap(
    owner: type,
    name: str,
    when: str,
    number: signal.Signals,
    suits: Callable[..., bool] = lambda *_, **__: True,
) -> None:
    original, fallen = getattr(owner, name), []

    def falling(self: Any, *args: Any, **kwargs: Any) -> Any:
        its_time = suits(*args, **kwargs)
        if its_time and when == "before":
            _once(fallen, number)
        try:
            return original(self, *args, **kwargs)
        finally:
            if its_time and when == "after":
                _once(fallen, number)

    setattr(owner, name, falling)


def _once(fallen: list[bool], number: signal.Signals) -> None:
    if not fallen:
        fallen.append(True)
        os.kill(os.getpid(), number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job_id")
    parser.add_argument("--without", choices=list(TAKEN_OUT), help="the guard to take out")
    parser.add_argument("--falls", nargs=3, metavar=("HOW", "WHEN", "CALL"))
    return parser


if __name__ == "__main__":
    main()
