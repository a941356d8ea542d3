"""The lease on a run: one worker at a time, in its lane alone, and no write by a worker that lost it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from sqlalchemy import case, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import now, tried_again, writing
from app.extensions import db
from app.models import UNDER_WAY, PipelineRun, RunKind, RunStatus
from app.services.leasing import Hold, LeaseLost, end_of_lease, new_owner


class LaneTaken(Exception):
    """Another run is under way where this one wants to go."""


class Lease(Hold[PipelineRun]):
    """A worker's right to one run."""

    model = PipelineRun

    @classmethod
    def take(cls, run_id: str) -> Self | None:
        """Take the run and its lane, if it is not over and nobody holds it. Raises LaneTaken.

        That it was taken from a worker that did not give it back is a setback.
        """
        ends_at = end_of_lease()
        taken = _take(run_id, new_owner(), ends_at)
        return cls(taken.id, taken.fence, ends_at) if taken else None

    @tried_again()
    def run(self) -> PipelineRun:
        """The run as it stands now, read apart from the session and detached. Raises LeaseLost."""
        with Session(db.engine) as session:
            run = session.get(PipelineRun, self.row_pk)
            if run is None or run.fence != self.fence:
                raise LeaseLost
            session.expunge(run)
        return run


class HeldRun:
    """A run as its stage sees it: a `StageRun`. `has_stepped`: the stage has been about to commit something."""

    def __init__(self, lease: Lease, options: Mapping[str, int]):
        self.options = options
        self.has_stepped = False
        self._lease = lease

    def check(self) -> None:
        """As `StageRun` says. What is committed with it is a step forward."""
        run = self._lease.check()
        self.has_stepped = True
        run.setbacks, run.got_on_at = 0, now()
        run.lease_expires_at = self._lease.ends_at = end_of_lease()


@tried_again()
def _take(run_id: str, owner: str, ends_at: datetime) -> Any:
    db.session.rollback()
    try:
        with writing():
            taken = _taken(run_id, owner, ends_at)
            db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise LaneTaken from None
    except BaseException:
        db.session.rollback()
        raise
    return taken


def _taken(run_id: str, owner: str, ends_at: datetime) -> Any:
    kind = db.session.scalar(select(PipelineRun.kind).where(PipelineRun.run_id == run_id))
    if kind is None:
        return None
    return db.session.execute(
        update(PipelineRun)
        .where(PipelineRun.run_id == run_id)
        .where(PipelineRun.status.in_(UNDER_WAY), ~PipelineRun.is_held)
        .values(
            status=RunStatus.RUNNING,
            lane=RunKind(kind).lane,
            lease_owner=owner,
            lease_expires_at=ends_at,
            fence=PipelineRun.fence + 1,
            wake_at=None,  # until it is given back, the lease says when to look again
            setbacks=PipelineRun.setbacks + case((PipelineRun.lease_owner.is_(None), 0), else_=1),
            started_at=func.coalesce(PipelineRun.started_at, now()),
            got_on_at=func.coalesce(PipelineRun.got_on_at, now()),
        )
        .returning(PipelineRun.id, PipelineRun.fence)
        .execution_options(synchronize_session=False)
    ).one_or_none()
