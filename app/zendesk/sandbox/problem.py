"""A product problem, as those who meet it put it."""

from typing import NamedTuple

from .tongues import TONGUES


class Problem(NamedTuple):
    """One product problem, in the several ways in which customers put it.

    `begins` and `lasts` are days, counted back from the end of the history; without a beginning
    it was always there. `share` is how much of all tickets it makes up while it lasts.
    """

    key: str
    tag: str
    group: str
    subjects: tuple[str, ...]
    bodies: tuple[str, ...]
    product: str | None = None
    begins: int | None = None
    lasts: int = 10_000
    share: float = 0.0

    def texts(self, language: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Subjects, bodies and their language, which is English where nobody wrote otherwise."""
        return _TEXTS.get((self.key, language)) or (self.subjects, self.bodies, "en")


_TEXTS = {
    (key, language): (subjects, bodies, language)
    for language, texts in TONGUES.items()
    for key, (subjects, bodies) in texts.items()
}
