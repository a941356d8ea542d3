"""A small process that ends our other processes when we die, even by `kill -9`.

Linux can signal the children of a dead process (PR_SET_PDEATHSIG), but not the children's
children, so Celery's and gunicorn's own workers would live on. The end of a pipe tells of every
death, on macOS too.
"""

import atexit
import functools
import os
import signal
import subprocess
import sys
from contextlib import suppress


class Guard:
    """Our side of the pipe: says which process groups are ours."""

    def __init__(self) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )

    def watch(self, group: int) -> None:
        self._tell(f"watch {group}\n")

    def forget(self, group: int) -> None:
        self._tell(f"forget {group}\n")

    def close(self) -> None:
        """Let it end what it still watches, and wait for that."""
        if self._program.stdin:
            self._program.stdin.close()
        self._program.wait()

    def _tell(self, line: str) -> None:
        # Without its guard a process can still be stopped in the ordinary way.
        with suppress(BrokenPipeError):
            if self._program.stdin:
                self._program.stdin.write(line.encode())


@functools.cache
def guard() -> Guard:
    """The one guard of this process, started at first use."""
    made = Guard()
    atexit.register(made.close)
    return made


def keep_watch() -> None:
    """Read the pipe until it ends, then end every group that was not forgotten."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        verb, group = line.split()
        if verb == "watch":
            groups.add(int(group))
        else:
            groups.discard(int(group))
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    keep_watch()
