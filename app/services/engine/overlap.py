"""Overlap: tickets that two jobs want to change. One has them in flight; the other waits, and says for whom."""

from app.services.engine import flight
from app.services.engine.lease import Lease
from app.services.waits import Wait, WaitReason


def wait(lease: Lease, seconds: float) -> Wait:
    """The wait of a job all of whose tickets are with others.

    Should the other be done with them by now, there is nothing to say: the job goes on with them next time.
    """
    other = flight.holder_of_tickets(lease.job_pk)
    return Wait(seconds, WaitReason.OTHER_JOB if other else None, for_job=other)
