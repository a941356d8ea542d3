"""Starts processes in order, watches them, and stops them in reverse order, each waited for."""

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from deploy.process import TICK, Process

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LAST_WORDS = 200  # characters of the last line of a failed child's log


class OperatorError(Exception):
    """Something that the operator must put right. Its text says what."""


class StopAsked(KeyboardInterrupt):
    """Somebody pressed Ctrl-C, or sent one of STOP_SIGNALS."""


@dataclass(frozen=True)
class Child:
    """What to start. `after` names children of which it needs that they are ready."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    ready: Callable[[Process], bool] | None = None
    after: Sequence[str] = ()
    stdin: str = ""
    once: bool = False  # it is to end by itself, well by default with exit code 0, and ready then
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0  # seconds from the stop signal to the kill
    limit: float = 60.0  # seconds until it must be ready

    def is_ready(self, process: Process) -> bool:
        if self.ready:
            return self.ready(process)
        return not self.once or process.exit_code == 0


class Running:
    """A child that was started."""

    def __init__(self, child: Child, logs: Path) -> None:
        self.child = child
        self.is_ready = False
        self._deadline = time.monotonic() + child.limit
        try:
            self.process = Process(child.argv, logs / f"{child.name}.log", child.env, child.stdin)
        except OSError as error:
            raise OperatorError(
                f"{child.name} could not be started: {child.argv[0]}: {error.strerror}."
            ) from error

    def look(self) -> None:
        """Notice that it became ready. Raises OperatorError if it ended or takes too long."""
        if self.is_ready and self.child.once:
            return
        code = self.process.exit_code
        if code is not None:
            self._settle(code)
        elif not self.is_ready:
            self.is_ready = not self.child.once and self.child.is_ready(self.process)
            if not self.is_ready and time.monotonic() > self._deadline:
                raise self._failure(f"was not ready within {self.child.limit:.0f} seconds")

    def until_ready(self) -> None:
        """For a child without a supervisor. Raises OperatorError, and leaves nothing then."""
        try:
            while not self.is_ready:
                self.look()
                time.sleep(TICK)
        except BaseException:
            self.process.end()
            raise

    def stop(self, hurry: Callable[[], bool]) -> None:
        self.process.stop(self.child.stop_signal, self.child.grace, hurry)

    def _settle(self, code: int) -> None:
        self.process.end()
        self.is_ready = self.child.once and self.child.is_ready(self.process)
        if not self.is_ready:
            how = f"exit code {code}" if code >= 0 else f"signal {-code}"
            raise self._failure(f"ended with {how}")

    def _failure(self, what: str) -> OperatorError:
        """One line: who, what, where its log is, and its last words, which say why if anything does."""
        log = self.process.log
        said = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        last_words = f" It said last: {said[-1].strip()[:LAST_WORDS]}" if said else ""
        return OperatorError(f"{self.child.name} {what} (log: {log}).{last_words}")


class Supervisor:
    """Use in a `with` block of the main thread: leaving it in whatever way stops everything.

    Inside, `start` and `watch` raise OperatorError, or StopAsked, which is no failure: the block
    swallows it.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, Running] = {}
        self._asked = 0

    def __enter__(self) -> Self:
        # `nohup` asks to outlive the terminal.
        stays = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        heeded = [n for n in STOP_SIGNALS if not (stays and n == signal.SIGHUP)]
        self._former = {number: signal.signal(number, self._note) for number in heeded}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.stop()
        for number, handler in self._former.items():
            signal.signal(number, handler)
        return kind is StopAsked

    def start(self, *children: Child) -> None:
        """Start each as soon as those that it comes after are ready, and return when all are."""
        waiting = list(children)
        while waiting or not all(running.is_ready for running in self._running.values()):
            self.look()
            for child in [child for child in waiting if self._is_due(child)]:
                self.begin(child)
                waiting.remove(child)
            time.sleep(TICK)

    def begin(self, child: Child) -> None:
        """Start it, and wait for nothing."""
        self._running[child.name] = Running(child, self._logs)

    def pid(self, name: str) -> int:
        """Of the running child with this name."""
        return self._running[name].process.pid

    def watch(self) -> None:
        """Go on until a child ends by itself or somebody asks to stop; return only by raising."""
        while True:
            self.look()
            time.sleep(TICK)

    def stop(self) -> None:
        """Stop all in reverse order. Another signal meanwhile ends the graces, not the waiting."""
        asked = self._asked
        while self._running:
            _, running = self._running.popitem()
            running.stop(hurry=lambda: self._asked > asked)

    def look(self) -> None:
        """Notice what happened, for somebody with a loop of their own. Raises as `watch` does."""
        if self._asked:
            raise StopAsked
        for running in self._running.values():
            running.look()

    def _is_due(self, child: Child) -> bool:
        return all(name in self._running and self._running[name].is_ready for name in child.after)

    def _note(self, number: int, frame: FrameType | None) -> None:
        # Noted, not raised: an exception could fall between a child's start and its entry here.
        self._asked += 1
