"""Calls that break off, Zendesk's jobs in trouble, tokens that are revoked."""

from typing import Any

from app.services import checkup, connecting
from tests.chaos.faults.fault import Fault

UPDATES = "PUT /tickets/update_many*"
VIRTUAL_MINUTE = 60


class OfZendesk(Fault):
    """A line in the sandbox's list of faults, taken out again when it is mended."""

    kind = ""
    route = UPDATES
    latest = 0.3
    most = 3

    def strike(self):
        self.struck_before = self._struck()
        self.rule = {"kind": self.kind, "route": self.route, **self.details()}
        self.arena.zendesk.change(faults=[*self._rules(), self.rule])
        return True

    def details(self) -> dict[str, Any]:
        return {"times": self.chance.randint(1, self.most)}

    def mend(self):
        rules = self._rules()
        if self.rule in rules:
            rules.remove(self.rule)
        self.arena.zendesk.change(faults=rules)

    @property
    def has_struck(self):
        return self._struck() > self.struck_before

    def _struck(self):
        return self.arena.zendesk.ask("GET", "/summary")["faults"].get(self.kind, 0)

    def _rules(self):
        return self.arena.zendesk.settings()["faults"]


class CutBefore(OfZendesk):
    name, kind = "connection cut before the work", "cut_before"


class CutAfter(OfZendesk):
    name, kind = "connection cut after the work", "cut_after"


class PollCut(OfZendesk):
    name, kind, route = "connection cut while results are read", "cut_after", "GET *"


class Garbage(OfZendesk):
    name, kind = "answer garbled after the work", "garbage"


class Unavailable(OfZendesk):
    name, kind, route, most = "Zendesk unavailable", "unavailable", "*", 8


class RateLimited(OfZendesk):
    name, kind, route = "429", "rate_limited", "*"

    def details(self):
        return super().details() | {"retry_after": 1}


class JobStalls(OfZendesk):
    name, kind = "Zendesk job stalls", "job_stalls"

    def details(self):
        minutes = self.chance.uniform(1, 4)
        return super().details() | {"seconds": minutes * VIRTUAL_MINUTE, "share": 0.4}


class JobStallsTooLong(OfZendesk):
    """For longer than we wait: what it still does then comes after the job's end, and nobody could know."""

    name, kind, most = "Zendesk job stalls for longer than we wait", "job_stalls", 1
    may_leave_unknown = True

    def details(self):
        return super().details() | {"seconds": 35 * VIRTUAL_MINUTE, "share": 0.4}


class JobQueuedLong(OfZendesk):
    name, kind = "Zendesk job queued for minutes", "job_queued_long"

    def details(self):
        return super().details() | {"seconds": self.chance.uniform(1, 4) * VIRTUAL_MINUTE}


class JobFailsHalfway(OfZendesk):
    name, kind = "Zendesk job fails half-way", "job_fails_halfway"


class JobKilledHalfway(OfZendesk):
    name, kind = "Zendesk job killed half-way", "job_killed"


class ResultsLost(OfZendesk):
    name, kind = "results partly lost", "job_loses_results"

    def details(self):
        return super().details() | {"share": self.chance.choice([0.1, 0.5, 1.0])}


class JobForgotten(OfZendesk):
    name, kind, most = "Zendesk job forgotten", "job_forgotten", 1
    may_leave_unknown = True

    def details(self):
        return super().details() | {"seconds": self.chance.choice([0, 30, 120])}


class JobNotFoundYet(OfZendesk):
    name, kind = "Zendesk job not found at first", "job_404_for_a_moment"

    def details(self):
        return super().details() | {"seconds": 30}


class TokenRevoked(OfZendesk):
    """Once: the app gets itself another."""

    name, kind, route, most = "token revoked", "revoked_token", "*", 1


class TokensRefused(OfZendesk):
    """Whatever token comes is revoked, until an admin has mended that and has the connection checked."""

    name, kind, route = "every token revoked, mended by an admin", "revoked_token", "*"
    mended_after = (1.0, 4.0)

    def details(self):
        return {}

    def mend(self):
        super().mend()
        with self.arena.app.app_context():  # `flask zendesk check`
            checkup.run()
            connecting.wake_waiting_jobs()
