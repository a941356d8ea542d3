"""What somebody typed to search for, made safe and ready for each database and for highlighting."""

from dataclasses import dataclass

from app.services.macro_library.folding import LONGEST, folded, is_spaceless, runs_in

MOST_CHARACTERS = 200
MOST_WORDS = 16


@dataclass(frozen=True)
class Query:
    """Folded words, each of which must begin a word of what is found. None of them: everything is found."""

    words: tuple[str, ...]
    runs: tuple[str, ...]  # the same as they were typed, to be highlighted

    @classmethod
    def of(cls, typed: str) -> "Query":
        runs = list(dict.fromkeys(runs_in(folded(typed[:MOST_CHARACTERS]))))[:MOST_WORDS]
        words = [word for run in runs for word in _wanted(run)]
        return cls(tuple(dict.fromkeys(words)), tuple(runs))

    def for_fts5(self) -> str:
        """Every word is quoted, and has no quotes: none of it is taken for an operator."""
        return " AND ".join(f'"{word}" *' for word in self.words)

    def for_tsquery(self, weight: str = "") -> str:
        """`weight` narrows it to words of that weight, such as those of titles (“A”)."""
        return " & ".join(f"'{word}':*{weight}" for word in self.words)


def _wanted(run: str) -> list[str]:
    """The words that must be there. A pair that is there has its last character there too."""
    if is_spaceless(run) and len(run) > 1:
        return [run[place : place + 2] for place in range(len(run) - 1)]
    return [run[:LONGEST]]
