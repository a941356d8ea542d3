"""One process of ours: its output in a file, and ended with all that it started."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deploy.guard import guard

TICK = 0.05  # seconds between two looks at a process


class Process:
    """Started at once. Raises OSError if the program is missing or may not be run."""

    def __init__(
        self, argv: Sequence[str], log: Path, env: Mapping[str, str] | None = None, stdin: str = ""
    ) -> None:
        self.log = log
        self._is_over = False
        with log.open("wb") as output, tempfile.TemporaryFile() as given:
            given.write(stdin.encode())
            given.seek(0)
            # In a session of its own: the terminal's Ctrl-C must reach only who stops it in order.
            self._program = subprocess.Popen(
                argv,
                env=env,
                stdin=given,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        guard().watch(self.pid)

    @property
    def pid(self) -> int:
        return self._program.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; the negative number of the signal that ended it."""
        return self._program.poll()

    def stop(
        self,
        number: signal.Signals = signal.SIGTERM,
        grace: float = 10.0,
        hurry: Callable[[], bool] = lambda: False,
    ) -> None:
        """Ask it to stop, and return when nothing of it is left.

        It gets `grace` seconds, or until there is `hurry`; then it is killed.
        """
        self._program.send_signal(number)
        wait_until(lambda: self.exit_code is not None or hurry(), grace)
        self.end()

    def end(self) -> None:
        """Kill what is left of its group; only once, since later the number may be another's."""
        if self._is_over:
            return
        self._is_over = True
        _signal_group(self.pid, signal.SIGKILL)
        self._program.wait()
        # Killed processes go in a moment; but where process 1 is slow to collect zombies, a group
        # stays of which nothing runs any more.
        wait_until(lambda: not _signal_group(self.pid, 0), 0.5)
        guard().forget(self.pid)


def wait_until(condition: Callable[[], bool], limit: float) -> bool:
    """Whether the condition came true within `limit` seconds."""
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(TICK)
    return True


def _signal_group(group: int, number: int) -> bool:
    # macOS refuses to signal a group of zombies where Linux says that there is none.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False
