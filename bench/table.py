"""Tables and goals, as RESULTS.md shows them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """A figure that is to be at most so much. `found` is None where it was not measured."""

    words: str
    most: float
    found: float | None
    form: str = "{:g}"  # how the figure is written

    @property
    def line(self) -> str:
        if self.found is None:
            return f"- {self.words}: not measured"
        verdict = "met" if self.found <= self.most else "**not met**"
        return f"- {self.words}: {self.form.format(self.found)}, {verdict}"


def head(names: str) -> str:
    """Columns by name, `_` for a space; the first holds words, the others numbers."""
    columns = [name.replace("_", " ") for name in names.split()]
    return f"| {' | '.join(columns)} |\n|---|{'---:|' * (len(columns) - 1)}"


def rows(cells: Iterable[list[str]]) -> str:
    return lines(f"| {' | '.join(row)} |" for row in cells)


def lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def duration(seconds: float) -> str:
    """As people say it: 9.4 s, 9 min 26 s, 13 h 53 min."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
