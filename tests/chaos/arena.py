"""All of Giga Tools as real processes that may be killed: what is dead is started again. Kept for many rounds."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import redis
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app import create_app
from app.config import Config
from app.database import tried_again, writing
from app.extensions import db
from app.models import Job, Role
from app.services import accounts, jobs
from app.tasks import launching
from deploy import lineup, valkey
from deploy.credentials import AGENT, Credentials
from deploy.ports import any_free
from deploy.settings import Settings
from deploy.supervisor import Running
from tests.chaos.databases import database
from tests.deploy.processes import descendants, is_alive
from tests.fixtures.databases import migrate
from tests.fixtures.stack import Person, Zendesk

SPEED = 60  # Zendesk's minute lasts a second
TICKETS = 60_000
# A Zendesk job of 100 tickets lasts a second and a half: long enough for something to happen meanwhile.
PACE = {"job_rate": 1.1, "jobs_at_once": 30, "faults": [], "meddling": 0.0}
WORKERS = ("worker-1", "worker-2")
CHILDREN_OF_A_WORKER = 3
QUIET_SECONDS = 60


class Arena:
    """A running Giga Tools on one database, and its fake Zendesk."""

    def __init__(self, folder, database, tickets=TICKETS):
        self.folder, self.database = folder, database
        self.settings = Settings(
            instance=folder,
            web_port=any_free(),
            sandbox_port=any_free(),
            tickets=tickets,
            speed=SPEED,
            database_url=database.url,
        )
        self.settings.folder.mkdir(parents=True)
        self.settings.logs.mkdir()
        self.url, self.zendesk = self.settings.web_url, Zendesk(self.settings.sandbox_url)
        self.agent = Person(AGENT, "correct horse battery")
        self._children, self._running, self._starts = {}, {}, 0
        self._next_ticket, self._cursor = 1, 0
        self.last = None  # seed and kind of the round that was played last

    def open(self):
        broker, self.redis_url = valkey.child(self.settings.folder, any_free())
        self._add(broker)
        credentials = Credentials()
        env = lineup.environment(self.settings, credentials, self.redis_url, os.environ)
        env |= {"CELERY_CONCURRENCY": str(CHILDREN_OF_A_WORKER)}
        migrate(self.database.url)
        self.app = create_app(Config.from_environment(env))
        self._add(lineup.sandbox(self.settings, env), lineup.web(self.settings, env))
        self._add(*(_worker(name, env) for name in WORKERS), lineup.beat(self.settings, env))
        with self.app.app_context():
            accounts.create_user(self.agent.email, Role.ADMIN, self.agent.password)
            db.session.commit()
        self.start_what_is_dead()
        self.zendesk.change(**PACE)

    def close(self):
        for running in reversed(self._running.values()):
            running.process.end()
        with self.app.app_context():
            db.engine.dispose()

    # Processes

    def _add(self, *children):
        self._children |= {child.name: child for child in children}

    def start_what_is_dead(self):
        """Start everything that does not run, all at once, and wait until it is ready."""
        for name in self._children:
            if not self.runs(name):
                self._start(name)
        for running in self._running.values():
            running.until_ready()

    def start(self, name):
        """Start it, if it is dead, and wait for nothing."""
        if not self.runs(name):
            self._start(name)

    def runs(self, name):
        running = self._running.get(name)
        return running is not None and running.process.exit_code is None

    def _start(self, name):
        if name in self._running:
            self._running[name].process.end()
        self._starts += 1
        child = self._children[name]
        self._running[name] = Running(
            replace(child, name=f"{name}.{self._starts}", after=()), self.settings.logs
        )

    def pid(self, name):
        return self._running[name].process.pid

    def kill(self, name):
        """The process itself, with kill -9; its children are left to themselves."""
        os.kill(self.pid(name), signal.SIGKILL)

    def kill_with_children(self, name):
        self._running[name].process.end()

    def worker_of(self, pid):
        """The worker of which this process is a child; None if it is of none."""
        for name in WORKERS:
            if self.runs(name) and pid in descendants(self.pid(name)):
                return name
        return None

    def holder(self, job_pk):
        """The living process of a worker that has the job's lease; None if there is none."""
        owner = self.ask("SELECT lease_owner FROM jobs WHERE id = :job", job=job_pk)[0][0]
        pid = int(owner.split("-")[0]) if owner else 0
        return pid if pid and self.worker_of(pid) and is_alive(pid) else None

    @property
    def broker(self):
        return redis.Redis.from_url(self.redis_url, socket_timeout=5)

    # The database and the jobs in it

    def ask(self, query, patience=60.0, **values):
        """Rows of the database; where it is away, after so many seconds at most. Raises OperationalError."""
        with self.app.app_context():
            return tried_again(patience)(_ask)(query, values)

    def tell(self, job, act, *arguments):
        """Let a service do something to the job, as a web request does. Whether it could."""
        with self.app.app_context():
            done = _told(job.pk, act, arguments)
            launching.launch(job.job_id)
        return done

    def launch(self, order):
        """A job made of the order and given to the workers."""
        with self.app.app_context():
            owner = accounts.by_email(self.agent.email)
            job = jobs.create(owner, order)
            made = Made(job.id, job.job_id)
            launching.launch(job.job_id)
        return made

    # Zendesk

    def fresh_tickets(self, number):
        """Ids of tickets that no earlier round has used; None when there are too few left."""
        first, self._next_ticket = self._next_ticket, self._next_ticket + number
        return (
            list(range(first, first + number)) if first + number <= self.settings.tickets else None
        )

    def news(self):
        """What the truth log has got since somebody last asked."""
        found = []
        while True:
            piece = self.zendesk.ask("GET", f"/truth?cursor={self._cursor}")
            found += piece["truth"]
            if found:
                self._cursor = found[-1]["cursor"]
            if piece["next_cursor"] is None:
                return found

    def calm_down(self):
        """Wait until Zendesk has no job left that could still do something."""
        end = time.monotonic() + QUIET_SECONDS
        while self.zendesk.ask("GET", "/summary")["zendesk_jobs"]["live"]:
            if time.monotonic() > end:
                return
            time.sleep(0.1)

    def last_words(self, lines=15):
        """The ends of all logs, for whoever must find out what went wrong."""
        parts = []
        for log in sorted(self.settings.logs.glob("*.log"), key=lambda one: one.stat().st_mtime):
            said = log.read_text(errors="replace").splitlines()[-lines:]
            parts.append(f"--- {log.name}\n" + "\n".join(said))
        return "\n".join(parts[-8:])


@dataclass(frozen=True)
class Made:
    """A job, by both of its names."""

    pk: int
    job_id: str


def _ask(query, values):
    try:
        return db.session.execute(text(query), values).all()
    finally:
        with suppress(OperationalError):
            db.session.rollback()


@tried_again(60.0)
def _told(job_pk, act, arguments):
    db.session.rollback()
    with writing():
        done = act(db.session.get_one(Job, job_pk), *arguments)
        db.session.commit()
    return done


def _worker(name, env):
    child = lineup.worker(env)
    return replace(child, name=name, argv=[*child.argv, "--hostname", f"{name}@%h"])


@contextmanager
def arena(database_name, tickets=TICKETS) -> Iterator[Arena]:
    """A running arena; nothing of it is left afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="giga-chaos-", ignore_cleanup_errors=True) as folder,
        database(database_name, Path(folder)) as kept_in,
    ):
        made = Arena(Path(folder), kept_in, tickets)
        try:
            made.open()
            yield made
        finally:
            made.close()
