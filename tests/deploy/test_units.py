"""The units of systemd, judged by systemd itself, and what they start."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.missing import missing

CHECKOUT = Path(__file__).parents[2]
UNITS = CHECKOUT / "deploy/systemd"
HOME = "/opt/giga-tools"


def test_systemd_finds_nothing_wrong_with_them(tmp_path):
    if not shutil.which("systemd-analyze"):
        missing("systemd-analyze")
    for unit in UNITS.iterdir():
        if unit.is_file():
            (tmp_path / unit.name).write_text(unit.read_text().replace(HOME, str(CHECKOUT)))

    verdict = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )

    assert (verdict.returncode, verdict.stderr) == (0, "")


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda path: path.name)
def test_starts_a_program_of_ours(unit):
    program, *_ = _read(unit)["Service"]["ExecStart"].split()

    assert program.startswith(f"{HOME}/.venv/bin/")
    assert (CHECKOUT / Path(program).relative_to(HOME)).exists()


def test_all_that_the_target_starts_is_there():
    wanted = _read(UNITS / "giga-tools.target")["Unit"]["Wants"].split()

    assert {(UNITS / unit).exists() for unit in wanted} == {True}
    assert len(wanted) == 4


def _read(unit):
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str
    read.read(unit)
    return read
