"""The supervisor, over real processes."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.deploy.processes import eventually, is_alive

# Each child starts a process of its own, as Celery and gunicorn do, and notes both numbers.
WAITS = "echo $$ >> {folder}/pids; sleep 1000 & echo $! >> {folder}/pids; wait"
RECORDS = (
    "note() {{ echo {name} $1 >> {folder}/order; }};"
    " trap 'note asked; sleep 0.2; note over; exit' TERM; "
)
STUBBORN = (
    "trap 'touch {folder}/asked' TERM; echo $$ >> {folder}/pids; while :; do sleep 0.05; done"
)


def heed_hangups():
    """As in a terminal, even where the tests themselves were started with nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Family:
    """A running supervisor and its children."""

    def __init__(self, folder):
        self.folder = folder
        self.program = None

    def start(self, **scripts):
        """Children by name: a script, or a script with settings."""
        described = []
        for name, given in scripts.items():
            script, settings = (given, {}) if isinstance(given, str) else given
            script = script.format(name=name, folder=self.folder)
            described.append({"name": name, "script": script} | settings)
        (self.folder / "children.json").write_text(json.dumps(described))
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.deploy.supervised", str(self.folder)],
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=heed_hangups,
        )

    def start_and_wait(self, **scripts):
        self.start(**scripts)
        assert eventually(lambda: (self.folder / "all-ready").exists())
        assert eventually(lambda: len(self.pids()) >= len(scripts))

    def end(self):
        """The exit code and what it said, once it has ended by itself."""
        _, said = self.program.communicate(timeout=60)
        return self.program.returncode, said

    def pids(self):
        noted = self.folder / "pids"
        return [int(line) for line in noted.read_text().split()] if noted.exists() else []

    def is_gone(self):
        return eventually(lambda: not any(is_alive(pid) for pid in self.pids()))


@pytest.fixture
def family(tmp_path) -> Iterator[Family]:
    family = Family(tmp_path)
    yield family
    if family.program and family.program.poll() is None:
        family.program.kill()
        family.program.wait()
    assert family.is_gone()


def test_stops_in_reverse_order_and_waits_for_each(family):
    family.start_and_wait(broker=RECORDS + WAITS, worker=RECORDS + WAITS, web=RECORDS + WAITS)

    family.program.send_signal(signal.SIGINT)
    family.end()

    order = (family.folder / "order").read_text().splitlines()
    names = ("web", "worker", "broker")
    assert order == [f"{name} {what}" for name in names for what in ("asked", "over")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_leaves_no_process_when_asked_to_stop(family, number):
    family.start_and_wait(broker=WAITS, worker=WAITS)

    family.program.send_signal(number)
    code, said = family.end()

    assert (code, said) == (0, "")
    assert not any(is_alive(pid) for pid in family.pids())


def test_leaves_no_process_when_killed(family):
    family.start_and_wait(broker=WAITS, worker=WAITS)

    family.program.kill()
    family.program.wait()

    assert family.is_gone()


def test_keeps_children_out_of_the_terminals_group(family):
    family.start_and_wait(worker=WAITS)

    shown = subprocess.run(
        ["ps", "-o", "pgid=", "-p", str(family.pids()[0])], capture_output=True, text=True
    )

    assert int(shown.stdout) == family.pids()[0]


def test_says_which_child_ended_and_stops_the_rest(family):
    breaks = "until [ -e {folder}/broken ]; do sleep 0.05; done; echo cannot go on; exit 3"
    family.start_and_wait(broker=WAITS, worker="echo $$ >> {folder}/pids; " + breaks)

    (family.folder / "broken").touch()
    code, said = family.end()

    assert code == 1
    (line,) = said.splitlines()
    assert line.startswith("worker ended with exit code 3 (log: ")
    assert line.endswith("It said last: cannot go on")
    assert not any(is_alive(pid) for pid in family.pids())


def test_says_in_one_line_that_a_program_is_missing(tmp_path):
    program = f"""
from pathlib import Path
from deploy.supervisor import Child, OperatorError, Supervisor
try:
    with Supervisor(Path({str(tmp_path)!r})) as supervisor:
        supervisor.start(Child("broker", ["no-such-program"]))
except OperatorError as error:
    raise SystemExit(str(error))
"""

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert ended.returncode == 1
    assert ended.stderr == (
        "broker could not be started: no-such-program: No such file or directory.\n"
    )


def test_second_interrupt_hurries_and_leaves_no_process(family):
    family.start_and_wait(broker=WAITS, worker=(STUBBORN, {"grace": 600}))

    family.program.send_signal(signal.SIGINT)
    assert eventually(lambda: (family.folder / "asked").exists())
    family.program.send_signal(signal.SIGINT)
    code, _ = family.end()

    assert code == 0
    assert not any(is_alive(pid) for pid in family.pids())


def test_kills_a_child_that_overstays_its_grace(family):
    family.start_and_wait(worker=(STUBBORN, {"grace": 0.2}))

    family.program.send_signal(signal.SIGTERM)
    family.end()

    assert not any(is_alive(pid) for pid in family.pids())


def test_starts_a_child_only_when_those_before_it_are_ready(family):
    ready = str(family.folder / "broker-answers")
    slow = "sleep 0.3; touch {folder}/broker-answers; " + WAITS
    asks = "test -e {folder}/broker-answers && touch {folder}/was-ready; " + WAITS

    family.start_and_wait(
        broker=(slow, {"ready_file": ready}), worker=(asks, {"after": ["broker"]})
    )

    assert eventually(lambda: (family.folder / "was-ready").exists())


def test_goes_on_only_when_a_child_that_runs_once_has_ended(family):
    migrates = "sleep 0.3; touch {folder}/migrated"
    asks = "test -e {folder}/migrated && touch {folder}/was-migrated; " + WAITS

    family.start(migrations=(migrates, {"once": True}), web=(asks, {"after": ["migrations"]}))

    assert eventually(lambda: (family.folder / "all-ready").exists())
    assert eventually(lambda: (family.folder / "was-migrated").exists())


def test_says_that_a_child_was_not_ready_in_time(family):
    never = str(family.folder / "never")

    family.start(broker=WAITS, worker=(WAITS, {"ready_file": never, "limit": 0.5}))
    code, said = family.end()

    assert code == 1
    assert said.startswith("worker was not ready within 0")
    assert not any(is_alive(pid) for pid in family.pids())


def test_stops_while_it_is_still_starting(family):
    never = str(family.folder / "never")
    family.start(broker=WAITS, worker=(WAITS, {"ready_file": never}))
    assert eventually(lambda: len(family.pids()) == 4)

    family.program.send_signal(signal.SIGINT)
    code, said = family.end()

    assert (code, said) == (0, "")
    assert not any(is_alive(pid) for pid in family.pids())
