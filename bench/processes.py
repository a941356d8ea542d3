"""What processes cost, from /proc: processor time with that of children that have ended, and memory.

Linux only. A process's own count holds that of each child it has waited for, so the sum over a tree that is still
there misses nobody, however short they lived.
"""

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_GONE = (FileNotFoundError, ProcessLookupError)
MEGABYTE = 1024  # in the kB that /proc speaks of


@dataclass(frozen=True)
class Stat:
    """One line of /proc/<pid>/stat: whose child it is, and seconds, with those of children it has waited for."""

    parent: int
    seconds: float

    @classmethod
    def of(cls, line: str) -> "Stat":
        # The program's name comes in brackets and may hold anything, brackets and spaces too.
        fields = line.rpartition(")")[2].split()
        return cls(int(fields[1]), sum(map(int, fields[11:15])) / _TICKS)


def stats() -> dict[int, Stat]:
    """All processes of this machine, by id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(*_GONE):
            found[int(folder.name)] = Stat.of((folder / "stat").read_text())
    return found


def below(roots: Iterable[int], known: dict[int, Stat]) -> set[int]:
    """The roots that live, and all processes below them."""
    found = set(roots) & known.keys()
    while more := {pid for pid, stat in known.items() if stat.parent in found} - found:
        found |= more
    return found


def seconds(*roots: int) -> float:
    """Processor time of these processes and of all below them, also of those that have ended."""
    known = stats()
    return sum(known[pid].seconds for pid in below(roots, known))


def kilobytes(pid: int, name: str) -> int:
    """Pss shares what several processes have in common among them; VmRSS counts it for each, VmHWM is its peak.

    Zero for a process that has ended.
    """
    file = "smaps_rollup" if name == "Pss" else "status"
    with suppress(*_GONE):
        return parsed(Path(f"/proc/{pid}/{file}").read_text(), name)
    return 0


def parsed(text: str, name: str) -> int:
    """The number of kB in the line of this name; 0 where there is none."""
    lines = (line.split() for line in text.splitlines() if line.startswith(f"{name}:"))
    return next((int(words[1]) for words in lines), 0)


def forget_peaks(*roots: int) -> None:
    """Let each of these, and all below them, have its peak from now on: what it once was hides what it grows by."""
    for pid in below(roots, stats()):
        with suppress(*_GONE):
            Path(f"/proc/{pid}/clear_refs").write_text("5")


@dataclass
class Watch:
    """Looks at the memory of some processes, and of all below them, every so many seconds. Use in a `with` block."""

    roots: tuple[int, ...]
    every: float = 0.5
    peak: int = 0  # kB of all together, Pss
    largest: int = 0  # kB of the largest single process, resident
    _done: threading.Event = field(default_factory=threading.Event, init=False)

    def __enter__(self) -> "Watch":
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look_on(self) -> None:
        while True:
            self.look()
            if self._done.wait(self.every):
                return

    def look(self) -> None:
        family = below(self.roots, stats())
        self.peak = max(self.peak, sum(kilobytes(pid, "Pss") for pid in family))
        # Each process's own peak, so that nothing between two looks is missed while it lives.
        self.largest = max([self.largest, *(kilobytes(pid, "VmHWM") for pid in family)])
