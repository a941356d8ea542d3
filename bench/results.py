"""Figures that are kept, with the day and the machine."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
INSIGHTS = Path(__file__).with_name("INSIGHTS.md")
TITLE = "# Results\n\nEach section is written by the command that it names.\n"

FASTEST_KEPT = (
    5.0  # a sandbox that is faster makes our own work count for too much beside Zendesk's
)


def refuse_too_fast(speed: float) -> None:
    """Raises SystemExit where figures of this speed may not be kept."""
    if speed > FASTEST_KEPT:
        raise SystemExit(f"Figures that are kept have a speed of {FASTEST_KEPT:g} at most.")


def today() -> str:
    """The day and the machine, as each section names them."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {machine}, Python {platform.python_version()}, {platform.system()}"


def keep(text: str, file: Path | None = None) -> None:
    """Replace the section of the same title, or add it."""
    file = file or RESULTS
    title = text.splitlines()[0]
    kept = file.read_text() if file.exists() else TITLE
    first, *parts = kept.rstrip().split("\n## ")
    others = [part.strip() for part in parts if f"## {part}".splitlines()[0] != title]
    sections = [first.strip(), *others, text.removeprefix("## ").strip()]
    file.write_text("\n\n## ".join(sections) + "\n")
