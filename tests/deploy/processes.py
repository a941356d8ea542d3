"""What tests ask about processes."""

import subprocess
import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], limit: float = 30) -> bool:
    """Whether it comes true; the limit is for a busy machine, and no measure."""
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    """A zombie is not: it only waits for somebody to ask how it ended."""
    shown = subprocess.run(
        ["/bin/ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
    )
    return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")


def descendants(pid: int) -> set[int]:
    """All processes below this one, with the guard."""
    shown = subprocess.run(
        ["/bin/ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    parents = dict(map(int, line.split()) for line in shown.stdout.splitlines())
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}
