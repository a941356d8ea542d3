"""How well issues match the truth, and how well k-means does at its best."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, v_measure_score
from threadpoolctl import threadpool_limits

NOTHING = -1
CLUSTERS = (*range(8, 40, 2), *range(40, 81, 5))  # every k that k-means is tried with


@dataclass(frozen=True)
class Score:
    """Against the truth. A ticket without an issue counts as an issue of its own, wrong in all but purity."""

    ari: float
    v: float
    purity: float
    issues: int
    alone: int

    @property
    def cells(self) -> list[str]:
        return [f"{self.ari:.3f}", f"{self.v:.3f}", f"{self.purity:.3f}", f"{self.issues}"]


def score(truth: Sequence[str], found: Sequence[int]) -> Score:
    labels = np.array(found, dtype=np.int64)
    alone = labels == NOTHING
    issues = len(set(labels[~alone].tolist()))
    labels[alone] = labels.max() + 1 + np.arange(alone.sum())
    return Score(
        float(adjusted_rand_score(truth, labels)),
        float(v_measure_score(truth, labels)),
        _purity(truth, labels.tolist()),
        issues,
        int(alone.sum()),
    )


def best_k_means(vectors, truth: Sequence[str]) -> tuple[int, Score]:
    """The k, chosen with the truth in hand, whose ARI is highest, and its score."""
    with threadpool_limits(1):
        return max(_k_means(vectors, truth), key=lambda found: found[1].ari)


def plain_vectors(texts: Sequence[str]):
    """TF-IDF as it comes, for the baseline: English stop words, no words in fewer than three texts."""
    return TfidfVectorizer(stop_words="english", min_df=3, sublinear_tf=True).fit_transform(texts)


def _k_means(vectors, truth: Sequence[str]) -> Iterator[tuple[int, Score]]:
    for k in CLUSTERS:
        labels = KMeans(k, n_init=3, random_state=0).fit_predict(vectors)
        yield k, score(truth, labels)


def _purity(truth: Sequence[str], labels: Sequence[int]) -> float:
    """The share of tickets whose issue is mostly about what they are about."""
    held = defaultdict(Counter)
    for true, label in zip(truth, labels, strict=True):
        held[label][true] += 1
    return sum(max(count.values()) for count in held.values()) / len(truth)
