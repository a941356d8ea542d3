"""Processes of ours that are killed, frozen or asked to stop."""

import os
import signal
import threading
from abc import abstractmethod
from contextlib import suppress

import requests

from tests.chaos.faults.fault import Fault
from tests.deploy.processes import eventually, is_alive
from tests.e2e.http import Console

LOOKS_FOR_A_CALL = 500  # of a millisecond or two
LEAVES_WITHIN = 10  # seconds that a worker has which is asked to stop


class _OfTheHolder(Fault):
    """Strikes the process that has the job's lease, mostly while a call of its is under way."""

    def strike(self):
        if self.chance.random() < 0.7:
            self._wait_for_a_call()
        pid = self.arena.holder(self.job.pk)
        worker = pid and self.arena.worker_of(pid)
        return bool(worker) and self.strike_process(pid, worker)

    def _wait_for_a_call(self):
        """It lasts some milliseconds, and may not come at all."""
        sending = "SELECT 1 FROM job_tickets WHERE job_id = :job AND stage = 'sending' LIMIT 1"
        for _ in range(LOOKS_FOR_A_CALL):
            if self.arena.ask(sending, job=self.job.pk):
                return

    @abstractmethod
    def strike_process(self, pid, worker):
        """False as in `strike`."""


class ChildKilled(_OfTheHolder):
    name = "worker child killed"

    def strike_process(self, pid, worker):
        os.kill(pid, signal.SIGKILL)
        return True


class ParentKilled(_OfTheHolder):
    name = "worker parent killed"

    def strike_process(self, pid, worker):
        self.arena.kill(worker)
        return True


class WorkerKilled(_OfTheHolder):
    name = "worker killed with its children"

    def strike_process(self, pid, worker):
        self.arena.kill_with_children(worker)
        return True


class WorkerStopped(_OfTheHolder):
    """A deploy."""

    name = "worker asked to stop"
    mended_after = (0.0, 0.1)

    def strike_process(self, pid, worker):
        self.worker, self.pid = worker, self.arena.pid(worker)
        os.kill(self.pid, signal.SIGTERM)
        return True

    def mend(self):
        if not eventually(lambda: not is_alive(self.pid), LEAVES_WITHIN):
            self.complaint = f"a worker did not leave within {LEAVES_WITHIN} s of SIGTERM"
            self.arena.kill_with_children(self.worker)
        super().mend()


class Zombie(_OfTheHolder):
    """The process that has the job is frozen for longer than its lease, and then goes on as if nothing were."""

    name = "worker child frozen and woken"
    mended_after = (12.5, 18.0)
    echo = 2.0

    def strike_process(self, pid, worker):
        self.pid = pid
        os.kill(pid, signal.SIGSTOP)
        return True

    def mend(self):
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)


class BeatKilled(Fault):
    name = "beat killed"

    def strike(self):
        self.arena.kill_with_children("beat")
        return True


class WebKilled(Fault):
    """Killed while it is being asked to pause the job."""

    name = "web app killed"

    def strike(self):
        console = Console(self.arena, self.arena.agent)
        self.asking = threading.Thread(target=self._ask_to_pause, args=(console,))
        self.asking.start()
        self.asking.join(self.chance.uniform(0.0, 0.2))
        self.arena.kill_with_children("web")
        return True

    def mend(self):
        super().mend()
        self.asking.join()

    def _ask_to_pause(self, console):
        with suppress(requests.RequestException):
            console.submit(f"/jobs/{self.job.job_id}", f"/jobs/{self.job.job_id}/pause")
