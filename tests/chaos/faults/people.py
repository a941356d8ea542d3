"""People who press buttons, and others who work on the same tickets."""

from app.services import jobs
from tests.chaos.faults.fault import Fault


class Meddling(Fault):
    """Somebody else edits tickets, of the job among them, just before Zendesk's jobs reach them."""

    name = "tickets edited meanwhile"
    mended_after = (60.0, 60.0)

    def strike(self):
        self.arena.zendesk.change(meddling=0.03)
        return True

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
