"""What goes out next: the plan's next tickets, as one call to Zendesk."""

from typing import Any

from app.services.change import Change, payload, stamped
from app.services.engine import filled_in, flight, ledger, settling
from app.services.engine.claiming import claim, next_rows
from app.services.engine.lease import Lease
from app.services.engine.mark import mark
from app.services.engine.pace import Pace
from app.services.engine.row import Claimed, Row
from app.services.engine.verdict import Verdict
from app.services.recipe import Completion, PlanOutdated, Recipe, Skip
from app.zendesk.batches import Batch

# Rows that are made ready between two looks at whether the job is to stop: a second's work, where Zendesk is asked.
COMPLETED_BETWEEN_LOOKS = 10


class Outgoing:
    """Puts a job's batches together."""

    def __init__(self, lease: Lease, job_id: str, recipe: Recipe, pace: Pace):
        self.lease = lease
        self.job_id = job_id
        self.recipe = recipe
        self.pace = pace
        self._as_of = recipe.as_of
        self._completed: dict[int, Change] = {}  # by position: ready to be sent, or being sent
        self._positions: dict[str, list[int]] = {}  # by token: of a batch that is being sent
        # By key: what all such tickets are sent.
        self._payloads: dict[str | None, dict[str, Any]] = {}

    def next_batch(self, token: str) -> Batch | None:
        """The next batch, noted in the ledger as about to be sent. None if nothing may be sent now.

        Raises ZendeskError, PlanOutdated, LeaseLost.
        """
        complete = self.recipe.complete
        while True:
            ready = self._made_ready(complete) if complete else None
            if ready == []:
                return None
            if self._check():
                break
        claimed = claim(self.lease, token, ready)
        return self._batch(token, claimed) if claimed else None

    def _made_ready(self, complete: Completion) -> list[int]:
        """The positions of the next rows, once what each is sent is complete. Nothing is claimed meanwhile."""
        while rows := next_rows(self.lease.job_pk):
            missing = [row for row in rows if not self._is_complete(row)]
            if not missing:
                return [row.position for row in rows]
            self._complete(missing[:COMPLETED_BETWEEN_LOOKS], complete)
            if not self.pace.may_go_on() or self.lease.is_lost:
                break
        return []

    def _check(self) -> bool:
        """See to it that nothing goes out, or is kept, that was completed with something else than was agreed to.

        False if all has to be completed anew.
        """
        if self.recipe.recheck is None:
            return True
        before = self._as_of
        try:
            self._as_of = self.recipe.recheck()
        except PlanOutdated:
            self._completed.clear()
            raise
        if self._as_of != before:
            self._completed.clear()
        return self._as_of == before

    def _is_complete(self, row: Row) -> bool:
        if row.position not in self._completed and (change := row.completed):
            self._completed[row.position] = change
        return row.position in self._completed

    def _complete(self, rows: list[Row], complete: Completion) -> None:
        left_alone: dict[int, Verdict] = {}
        positions = {row.ticket_id: row.position for row in rows}
        try:
            for row, decision in complete(rows):
                if isinstance(decision, Skip):
                    left_alone[row.id] = Verdict.because(decision.reason, decision.note)
                else:
                    self._completed[positions[row.id]] = decision
        finally:
            if left_alone:
                settling.left_alone(self.lease, left_alone)

    def put_aside(self) -> None:
        """Keep what was made ready and not sent, so that Zendesk need not be asked for it again.

        What it fills in is HTML, and is read back as such. A plain comment is the macro's own, and costs no call.
        """
        comments = {at: change.comment for at, change in self._completed.items()}
        texts = {
            at: comment.text if comment else ""
            for at, comment in comments.items()
            if comment is None or comment.is_html
        }
        if texts:
            filled_in.keep(self.lease, texts)

    def is_out(self, batch: Batch) -> None:
        """The batch need not be put together again: Zendesk has it, may have it, or will not have it."""
        for position in self._positions.pop(batch.token, ()):
            self._completed.pop(position, None)

    def _batch(self, token: str, claimed: list[Claimed]) -> Batch:
        ticket_ids = tuple(one.id for one in claimed)
        if claimed[0].payload_key is None:
            rows = flight.rows_of_batch(self.lease.job_pk, token)
            self._positions[token] = [row.position for row in rows]
            return Batch(token, ticket_ids, items=tuple(self._item(row) for row in rows))
        shared = self._shared(claimed[0])
        if not claimed[0].updated_at:
            return Batch(token, ticket_ids, shared)
        content = shared | mark(self.job_id)
        return Batch(token, ticket_ids, items=tuple(stamped(content, one) for one in claimed))

    def _shared(self, one: Claimed) -> dict[str, Any]:
        """What all tickets of its key are sent."""
        if one.payload_key not in self._payloads:
            (row,) = ledger.rows_of(self.lease.job_pk, [one.id])
            if (shared := self.recipe.shared(row.change)) is None:
                raise LookupError(f"ticket {one.id} has a payload key, but no shared payload")
            self._payloads[one.payload_key] = shared
        return self._payloads[one.payload_key]

    def _item(self, row: Row) -> dict[str, Any]:
        change = self._completed.get(row.position, row.change)
        return payload(change, row, macro_id=self.recipe.macro_id) | mark(self.job_id)
