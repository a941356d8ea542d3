"""Each guard of the engine holds something, and what it holds is seen to break when it is taken out.

The same scene is played twice: with all guards, where everything is as it should be, and without one of them, where the
comparison with Zendesk's truth log must find what went wrong.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from zlib import crc32

import pytest
from sqlalchemy import select

from app import create_app
from app.config import Config
from app.database import writing
from app.extensions import db
from app.models import Job, JobTicket, Role
from app.services import accounts, connection, jobs
from bench import servers
from deploy.lineup import FOREIGN
from tests.chaos.comparison import compare
from tests.chaos.kinds import KINDS
from tests.fixtures.stack import CHECKOUT, Zendesk

pytestmark = pytest.mark.xdist_group("chaos")

SPEED = 60
TICKETS = list(range(101, 301))
VIEW = "Recall of batch 7"  # of fewer tickets than fill a page


def each(guard):
    """With every guard, and without this one."""
    without = pytest.param(guard, marks=pytest.mark.long)
    return pytest.mark.parametrize("without", [None, without], ids=["kept", "taken-out"])


@pytest.fixture(scope="module")
def account():
    with servers.sandbox(SPEED, 1000, job_rate=50.0, small_view=80) as running:
        yield Zendesk(running.url)


@pytest.fixture
def scene(account, sqlite_url, redis_url, request):
    made = Scene(account, sqlite_url, redis_url, mark=f"guards-{crc32(request.node.name.encode())}")
    yield made
    made.close()


class Scene:
    """A database, a Zendesk, and hands that work on jobs."""

    def __init__(self, zendesk, database_url, redis_url, mark):
        self.zendesk, self.mark, self._hands = zendesk, mark, []
        self.ticket_ids = TICKETS
        foreign = {name: text for name, text in os.environ.items() if not name.startswith(FOREIGN)}
        self.env = foreign | {
            "SECRET_KEY": "not secret, but not the default either",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "ZENDESK_SUBDOMAIN": "sandbox",
            "ZENDESK_BASE_URL": zendesk.url,
            "ZENDESK_OAUTH_CLIENT_ID": "sandbox-client",
            "ZENDESK_OAUTH_CLIENT_SECRET": "sandbox-secret",
            "ZENDESK_WINDOW_SECONDS": str(60 / SPEED),
        }
        self.app = create_app(Config.from_environment(self.env))
        self._context = self.app.app_context()
        self._context.push()
        self.owner = accounts.create_user("agent@giga.test", Role.ADMIN, "correct horse battery")
        db.session.commit()

    def close(self):
        for hand in self._hands:
            hand.kill()
            hand.wait()
        db.session.rollback()
        db.engine.dispose()
        self._context.pop()

    def job(self, kind, **changes):
        self.kind = KINDS[kind].prepared(self.zendesk, self.mark)
        order = self.kind.order(self.ticket_ids)
        return jobs.create(self.owner, jobs.Order(**vars(order) | changes))

    def job_of_the_view(self, kind):
        client = connection.client()
        view = next(view for view in client.active_views() if view.title == VIEW)
        page = client.view_tickets(view.id)
        self.ticket_ids = [ticket.id for ticket in page.items]
        return self.job(kind, selection={"view_id": view.id})

    def hand(self, job, without, *falls):
        options = ["--without", without] if without else []
        options += ["--falls", *falls] if falls else []
        command = [sys.executable, "-m", "tests.chaos.hand", job.job_id, *options]
        self._hands.append(subprocess.Popen(command, cwd=CHECKOUT, env=self.env))
        return self._hands[-1]

    def dying_hand(self, job, without, *where):
        hand = self.hand(job, without, "dies", *where)
        assert hand.wait() < 0, "it came to its end before it could die"

    def frozen_hand(self, job, without, *where):
        hand = self.hand(job, without, "freezes", *where)
        how = os.waitid(os.P_PID, hand.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        assert how.si_code == os.CLD_STOPPED, "it came to its end before it could freeze"
        return hand

    def wake(self, hand):
        """Let it go on, until it ends by itself."""
        hand.send_signal(signal.SIGCONT)
        assert hand.wait() == 0
        db.session.rollback()

    def finish(self, job, without):
        assert self.hand(job, without).wait() == 0
        db.session.rollback()

    def cancel(self, job):
        db.session.rollback()
        with writing():
            assert jobs.cancel(job)
            db.session.commit()

    def settle(self):
        """Let Zendesk come to the end of all that it was sent."""
        client = connection.client()
        while any(not one.is_over for one in client.job_status_list()):
            time.sleep(0.05)

    def complaints(self, job):
        """What the comparison with the truth finds."""
        rows = db.session.scalars(select(JobTicket).filter_by(job_id=job.id)).all()
        entries = list(self.zendesk.truth())
        return compare(
            self.kind, self.ticket_ids, _row(job), rows, entries, may_leave_unknown=False
        ).complaints

    def sent_again(self):
        """Tickets that an update of the job reached more often than once."""
        sent = Counter(
            one["ticket_id"] for one in self.zendesk.truth() if self.kind.is_delivery(one)
        )
        return [ticket for ticket, times in sent.items() if times > 1]


def _row(job):
    columns = [column.name for column in Job.__table__.columns]
    return type("Row", (), {"_fields": columns, **{name: getattr(job, name) for name in columns}})


def agreed(complaints, without, finds):
    """Nothing to complain about with all guards; without one of them, this."""
    if without is None:
        assert complaints == []
    else:
        assert any(finds in words for words in complaints), complaints


@each("fence")
def test_a_worker_that_wakes_with_stale_news_cannot_end_a_job_that_goes_on_elsewhere(
    scene, without
):
    job = scene.job_of_the_view("tag")
    scene.zendesk.change(
        faults=[{"kind": "unknown_404", "route": "GET /views/*/tickets*", "times": 1}]
    )

    sleeper = scene.frozen_hand(
        job, without, "after", "view_tickets"
    )  # it was told that the view is gone
    successor = scene.frozen_hand(job, without, "after", "update")
    scene.wake(sleeper)
    scene.wake(successor)

    agreed(scene.complaints(job), without, finds="are unknown, and need not be")


@each("intent")
def test_what_a_worker_sent_before_it_died_is_not_sent_again(scene, without):
    job = scene.job("tag")

    scene.dying_hand(job, without, "after", "update")
    scene.finish(job, without)

    assert scene.complaints(job) == []
    assert bool(scene.sent_again()) == bool(without)


@pytest.mark.long
@each("reconcile")
def test_what_a_worker_sent_before_it_died_is_reported_although_the_job_was_cancelled(
    scene, without
):
    job = scene.job("tag")

    scene.dying_hand(job, without, "after", "update")
    scene.cancel(job)
    scene.finish(job, without)

    agreed(scene.complaints(job), without, finds="are reported other than they are")


@each("compare_and_set")
def test_a_comment_that_a_worker_sends_when_it_wakes_is_not_written_a_second_time(scene, without):
    job = scene.job("macro")

    sleeper = scene.frozen_hand(job, without, "before", "socket")
    scene.finish(job, without)
    scene.wake(sleeper)

    agreed(scene.complaints(job), without, finds="had it done twice")


@each("clock")
def test_a_worker_that_wakes_too_late_sends_nothing_of_a_job_that_was_cancelled(scene, without):
    job = scene.job("macro")

    sleeper = scene.frozen_hand(job, without, "before", "update")
    scene.cancel(job)
    scene.finish(job, without)
    scene.wake(sleeper)
    scene.settle()

    agreed(scene.complaints(job), without, finds="are reported other than they are")
