"""Places for texts: near each other where they speak of the same. Fitted to the desk's own tickets."""

import warnings
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

Vectors = NDArray[np.float32]
DIMENSIONS = 200
_SEED = 0
_MOST_WORDS = 30_000
_MANY = 200  # texts; with so many, a word that only one has or that nearly all have tells nothing
_TOO_COMMON = 0.6


class Space:
    """What words weigh, and which of them go together. The same texts give the same space."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        """Fit it to the words of texts, as `words.words_of` gives them."""
        self._svd: TruncatedSVD | None = None
        self._weights = _weights(len(texts))
        try:
            known: Any = self._weights.fit_transform(texts)
        except ValueError:  # not a word that is common enough, nor rare enough
            self._weights = _weights(0)
            known = self._weights.fit_transform([*texts, ["?"]])[:-1]
        dimensions = min(DIMENSIONS, known.shape[1] - 1, known.shape[0] - 1)
        if dimensions >= 2:
            self._svd = TruncatedSVD(dimensions, n_iter=4, random_state=_SEED)
            with warnings.catch_warnings(), one_thread():
                warnings.simplefilter("ignore", RuntimeWarning)  # texts that are all the same
                self._svd.fit(known)

    def place(self, texts: Sequence[Sequence[str]]) -> Vectors:
        """A row of length 1 for each text; one of noughts where no word is known."""
        if not len(texts):
            return np.zeros((0, 1), dtype=np.float32)
        weighed: Any = self._weights.transform(texts)
        placed = self._svd.transform(weighed) if self._svd else weighed.toarray()
        return unit(np.asarray(placed, dtype=np.float32))


def one_thread() -> threadpool_limits:
    """Threads that wait for each other on a busy machine take many times as long as one, and may round differently."""
    return threadpool_limits(1)


def unit(vectors: Vectors) -> Vectors:
    """Each row with length 1; a row of next to nothing becomes noughts."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(lengths > 1e-6, vectors / np.maximum(lengths, 1e-6), 0).astype(np.float32)


def _weights(count: int) -> TfidfVectorizer:
    is_many = count >= _MANY
    as_is: Any = _as_is  # its types know strings alone
    return TfidfVectorizer(
        analyzer=as_is,
        sublinear_tf=True,
        min_df=2 if is_many else 1,
        max_df=_TOO_COMMON if is_many else 1.0,
        max_features=_MOST_WORDS,
        dtype=cast(Any, np.float32),
    )


def _as_is(text: Sequence[str]) -> Sequence[str]:
    return text
