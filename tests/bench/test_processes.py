"""What processes cost, as /proc tells."""

import subprocess
import sys

from bench import processes
from bench.processes import Stat, Watch

# It waits for a child that works, says how long that one worked, and stays until its input ends.
PARENT = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-c", "for _ in range(5_000_000): pass"])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, flush=True)
sys.stdin.read()
"""


def test_a_childs_time_counts_after_it_has_ended():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        busy = float(parent.stdout.readline())
        told = processes.seconds(parent.pid)
        parent.stdin.close()

    assert busy > 0
    assert told >= busy - 0.02  # both are rounded to hundredths


STAT = "7 (a ) b (c) S {parent} 7 7 0 -1 4194560 1 2 3 4 {own} 50 {children} 25 20 0 1 0 99 1 1"


def test_a_program_may_have_brackets_and_spaces_in_its_name():
    stat = Stat.of(STAT.format(parent=42, own=100, children=25))

    assert stat.parent == 42
    assert stat.seconds == 200 / processes._TICKS  # noqa: SLF001


def test_finds_all_below_a_process_and_no_other():
    known = {pid: Stat(parent, 0.0) for pid, parent in [(1, 0), (2, 1), (3, 2), (4, 3), (5, 1)]}

    assert processes.below([2], known) == {2, 3, 4}
    assert processes.below([2, 5, 77], known) == {2, 3, 4, 5}


def test_reads_one_line_of_a_file_of_many():
    text = "Rss:  900 kB\nPss:   123 kB\nPss_Dirty:   50 kB\n"

    assert processes.parsed(text, "Pss") == 123
    assert processes.parsed(text, "VmHWM") == 0


def test_a_process_that_is_gone_has_no_memory():
    with subprocess.Popen([sys.executable, "-c", "pass"]) as ended:
        ended.wait()

    assert processes.kilobytes(ended.pid, "Pss") == 0
    assert processes.seconds(ended.pid) == 0


def test_keeps_the_peak_of_a_family_after_a_member_has_ended():
    script = "import sys; held = bytearray(60_000_000); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        watch = Watch((process.pid,))
        watch.look()
        process.stdin.close()
        process.wait()
        watch.look()

    assert watch.peak > 58_000
    assert watch.largest > 58_000


def test_a_peak_that_was_forgotten_is_told_no_more():
    script = "import sys; bytearray(60_000_000); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        before = processes.kilobytes(process.pid, "VmHWM")
        processes.forget_peaks(process.pid)
        after = processes.kilobytes(process.pid, "VmHWM")
        process.stdin.close()

    assert before > 58_000
    assert after < 40_000
