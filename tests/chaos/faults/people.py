"""People who press buttons, and others who work on the same tickets."""

import json

from app.services import jobs
from tests.chaos.faults.fault import Fault


class Meddling(Fault):
    """Somebody else edits tickets, of the job among them, just before Zendesk's jobs reach them.

    And gives some of them the very tag that a job is to give them.
    """

    name = "tickets edited meanwhile"
    mended_after = (60.0, 60.0)
    GIVEN = 40

    def strike(self):
        self.arena.zendesk.change(meddling=0.03)
        for ticket_id in self._waiting:
            self.arena.zendesk.ask("POST", f"/tickets/{ticket_id}", {"additional_tags": self._tags})
        return True

    @property
    def _tags(self):
        (job,) = self.arena.ask("SELECT arguments FROM jobs WHERE id = :job", job=self.job.pk)
        arguments = job.arguments
        return (json.loads(arguments) if isinstance(arguments, str) else arguments).get("tags", [])

    @property
    def _waiting(self):
        """Of closed tickets, which are sent without a stamp, people cannot change the tags."""
        rows = self.arena.ask(
            "SELECT ticket_id FROM job_tickets WHERE job_id = :job AND stage = 'waiting'"
            " AND planned_stamp <> '' ORDER BY position DESC LIMIT :most",
            job=self.job.pk,
            most=self.GIVEN,
        )
        return [row.ticket_id for row in rows] if self._tags else []

    def mend(self):
        self.arena.zendesk.change(meddling=0.0)


class Paused(Fault):
    """The round resumes what it finds paused."""

    name = "paused and resumed"

    def strike(self):
        return self.arena.tell(self.job, jobs.pause)

    def mend(self):
        self.arena.tell(self.job, jobs.resume)


class Cancelled(Fault):
    name = "cancelled"

    def strike(self):
        return self.arena.tell(self.job, jobs.cancel)

    def mend(self):
        pass
