"""Which texts belong together: small heaps first, and then the heaps that are near each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering, MiniBatchKMeans

from .space import Vectors, one_thread, unit

Labels = NDArray[np.int64]
ALONE = -1  # the label of what belongs to nothing
MOST_SENSITIVE = 9
USUAL_SENSITIVITY, USUAL_SMALLEST = 5, 5
_USUAL_DISTANCE, _STEP = 0.87, 0.025
_HEAPS = 400
_FEW = 2_000  # up to so many texts need no heaps first
_ROUNDS = 2
_TOO_FAR = 0.15  # similarity to the middle of its group, below which a text is none of it
_SEED = 0


@dataclass(frozen=True)
class Forecast:
    """What a sensitivity would give."""

    sensitivity: int
    issues: int
    alone: int  # tickets that belong to nothing


def distance(sensitivity: int) -> float:
    """How far groups may be apart, as 1 - cosine on average, to be one. The more sensitive, the less."""
    return _USUAL_DISTANCE - _STEP * (sensitivity - USUAL_SENSITIVITY)


class Heaps:
    """Texts in heaps of those that say nearly the same, from which groups of any sensitivity are made."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._placed = np.flatnonzero(vectors.any(axis=1))
        self._heap_of = _heaps(vectors[self._placed])

    def groups(self, sensitivity: int, smallest: int) -> Labels:
        """A label for each text: from 0, the largest group first, or ALONE."""
        labels = np.full(len(self._vectors), ALONE, dtype=np.int64)
        if len(self._placed) >= max(2, smallest):
            vectors = self._vectors[self._placed]
            found = _joined(vectors, self._heap_of, distance(sensitivity))
            labels[self._placed] = _without_strays(vectors, _settled(vectors, found))
        return _by_size(labels, smallest)

    def forecasts(self, sensitivities: Iterable[int], smallest: int) -> list[Forecast]:
        found = []
        for sensitivity in sensitivities:
            labels = self.groups(sensitivity, smallest)
            alone = int((labels == ALONE).sum())
            found.append(Forecast(sensitivity, int(labels.max(initial=ALONE)) + 1, alone))
        return found


def near_middle(vectors: Vectors) -> list[float]:
    """How near each text of a group is to the group's middle."""
    return (vectors @ _middles(vectors, np.zeros(len(vectors), dtype=np.int64))[0]).tolist()


def _heaps(vectors: Vectors) -> Labels:
    if len(vectors) <= _FEW:
        return np.unique(vectors.round(5), axis=0, return_inverse=True)[1].reshape(-1)
    heaps = MiniBatchKMeans(
        min(_HEAPS, len(vectors) // 5), n_init="auto", batch_size=4096, random_state=_SEED
    )
    with one_thread():
        return heaps.fit_predict(vectors).astype(np.int64)


def _joined(vectors: Vectors, heap_of: Labels, farthest: float) -> Labels:
    middles = _middles(vectors, heap_of)
    if len(middles) < 2:
        return heap_of
    joining = AgglomerativeClustering(
        cast(Any, None), metric="cosine", linkage="average", distance_threshold=farthest
    )
    # A middle of noughts, of texts that are opposites, would be refused.
    return joining.fit_predict(middles + np.float32(1e-9)).astype(np.int64)[heap_of]


def _settled(vectors: Vectors, labels: Labels) -> Labels:
    """Each text with the group whose middle is nearest: it came with its heap, which is coarse."""
    for _ in range(_ROUNDS):
        labels = (vectors @ _middles(vectors, labels).T).argmax(axis=1)
        labels = np.unique(labels, return_inverse=True)[1]
    return labels


def _without_strays(vectors: Vectors, labels: Labels) -> Labels:
    near = np.einsum("ij,ij->i", vectors, _middles(vectors, labels)[labels])
    return np.where(near < _TOO_FAR, ALONE, labels)


def _middles(vectors: Vectors, labels: Labels) -> Vectors:
    """The middle of each group, by label from 0."""
    count = int(labels.max()) + 1
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, labels, vectors)
    return unit(sums)


def _by_size(labels: Labels, smallest: int) -> Labels:
    """The same groups, renumbered with the largest first; too small ones are ALONE. Ties go by the first text."""
    found, firsts, inverse, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    kept = [
        place for place in range(len(found)) if found[place] != ALONE and sizes[place] >= smallest
    ]
    kept.sort(key=lambda place: (-sizes[place], firsts[place]))
    number = np.full(len(found), ALONE, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    return number[inverse.reshape(-1)]
