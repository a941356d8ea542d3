"""Which issue a new text belongs to: the one that has the tickets most like it."""

import numpy as np
from numpy.typing import NDArray

from .gathering import ALONE, USUAL_SENSITIVITY, Labels
from .space import Vectors, unit

NEAREST = (
    3  # tickets of an issue that a text is compared with: one alone may have been placed wrongly
)
_USUAL_NEAR, _STEP = 0.5, 0.03


def near_enough(sensitivity: int) -> float:
    """The similarity from which on a text joins an issue. The more sensitive, the more alike it must be."""
    return _USUAL_NEAR + _STEP * (sensitivity - USUAL_SENSITIVITY)


class Placed:
    """Tickets that have an issue, as the measure for those that have none."""

    def __init__(self, vectors: Vectors, issues: Labels) -> None:
        order = np.argsort(issues, kind="stable")
        self._vectors = vectors[order]
        self.issues, self._begins = np.unique(issues[order], return_index=True)
        self._ends = [*self._begins[1:], len(order)]

    def nearest(self, vectors: Vectors) -> tuple[Labels, NDArray[np.float32]]:
        """For each text the nearest issue, and its similarity up to 1; ALONE and 0 where there are no issues."""
        if not len(self.issues) or not len(vectors):
            return np.full(len(vectors), ALONE, dtype=np.int64), np.zeros(len(vectors), np.float32)
        likeness = vectors @ self._vectors.T
        best = np.column_stack(
            [
                _mean_of_best(likeness[:, begin:end])
                for begin, end in zip(self._begins, self._ends, strict=True)
            ]
        )
        chosen = best.argmax(axis=1)
        return self.issues[chosen], best[np.arange(len(vectors)), chosen]

    def alike(self, least: float, most: int) -> dict[int, list[tuple[int, float]]]:
        """For each issue the others that are like it, the likest first: by their middles."""
        middles = unit(np.add.reduceat(self._vectors, self._begins, axis=0))
        likeness = middles @ middles.T
        np.fill_diagonal(likeness, -1)
        found = {}
        for place, issue in enumerate(self.issues):
            order = np.argsort(-likeness[place], kind="stable")[:most]
            found[int(issue)] = [
                (int(self.issues[other]), round(float(likeness[place, other]), 3))
                for other in order
                if likeness[place, other] >= least
            ]
        return found


def _mean_of_best(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    count = likeness.shape[1]
    if count > NEAREST:
        likeness = np.partition(likeness, count - NEAREST, axis=1)[:, -NEAREST:]
    return likeness.mean(axis=1)
