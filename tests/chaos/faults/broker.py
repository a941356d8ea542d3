"""A broker that forgets, and messages that come more than once."""

from app.tasks import launching
from tests.chaos.faults.fault import Fault


class BrokerRestarted(Fault):
    """Empty, as it keeps nothing."""

    name = "broker killed and restarted empty"

    def strike(self):
        self.arena.kill_with_children("valkey")
        return True


class BrokerFlushed(Fault):
    name = "FLUSHALL"

    def strike(self):
        self.arena.broker.flushall()
        return True


class Duplicates(Fault):
    name = "message delivered many times"

    def strike(self):
        with self.arena.app.app_context():
            for _ in range(10):
                launching.launch(self.job.job_id)
        return True
