"""Texts are gathered by what they say."""

import subprocess
import sys

import numpy as np
import pytest

from app.services.insights.clustering import gathering
from app.services.insights.clustering.gathering import ALONE, Heaps
from app.services.insights.clustering.joining import Placed
from app.services.insights.clustering.naming import Background, Text, describe
from app.services.insights.clustering.space import Space
from app.services.insights.clustering.words import words_of
from bench import measures
from bench.labelled import tickets
from tests.services.insights.clustering_desk import BURNT, PARKING, PENGUIN, REFUND


def gathered(texts, sensitivity=5, smallest=3):
    said = [words_of(*text) for text in texts]
    return Heaps(Space(said).place(said)).groups(sensitivity, smallest).tolist()


def groups(texts, labels):
    """The texts of each group, whatever their order and numbers."""
    found = {}
    for text, label in zip(texts, labels, strict=True):
        found.setdefault(label, set()).add(text)
    return {frozenset(one) for label, one in found.items() if label != ALONE}


def test_what_says_the_same_belongs_together_and_the_rest_is_alone():
    texts = [*BURNT, *REFUND, *PARKING, PENGUIN]

    labels = gathered(texts)

    assert groups(texts, labels) == {frozenset(BURNT), frozenset(REFUND), frozenset(PARKING)}
    assert labels[-1] == ALONE


def test_the_order_of_the_texts_does_not_matter():
    texts = [*BURNT, *REFUND, *PARKING, PENGUIN]
    backwards = texts[::-1]

    assert groups(texts, gathered(texts)) == groups(backwards, gathered(backwards))


@pytest.fixture
def heaps_first(monkeypatch):
    """Let few texts be gathered as many are."""
    monkeypatch.setattr(gathering, "_FEW", 50)


def test_the_same_texts_give_the_same_groups_again(heaps_first):
    texts = [(one.subject, one.description) for one in tickets(600)]

    assert gathered(texts) == gathered(texts)


def test_many_texts_are_gathered_as_well_as_few(heaps_first):
    found = list(tickets(600))

    labels = gathered([(one.subject, one.description) for one in found], smallest=5)

    assert measures.score([one.truth for one in found], labels).ari > 0.6


@pytest.mark.parametrize("texts", [[], [PENGUIN], [PENGUIN, BURNT[0]], [("", "")] * 9])
def test_too_little_gives_no_group(texts):
    assert gathered(texts) == [ALONE] * len(texts)


@pytest.mark.parametrize("count", [3, 40, 300])
def test_texts_that_are_all_the_same_are_one_group(heaps_first, count):
    assert gathered([PENGUIN] * count) == [0] * count


def test_hostile_texts_break_nothing():
    hostile = [
        ("x" * 65_536, ""),
        ("🔥" * 500, "🔥"),
        ("\0", "\0"),
        ("", ""),
        ("<" * 9_000, "{{" * 9_000),
    ]
    texts = [*BURNT, *hostile]

    labels = gathered(texts)

    assert labels[:4] == [0] * 4
    assert labels[4:] == [ALONE] * 5


def test_two_languages_meet_where_they_use_words_of_the_trade():
    texts = [
        ("Refund missing", "The refund for my returned parcel is missing."),
        ("No refund", "The parcel went back, no refund on my account."),
        ("Rückerstattung fehlt", "Die Rückzahlung für das Paket ist nicht auf dem Konto."),
        ("Keine Erstattung", "Das Paket ging zurück, keine Erstattung auf dem Konto."),
        *PARKING,
    ]

    assert frozenset(texts[:4]) in groups(texts, gathered(texts))


def test_more_sensitive_means_no_fewer_groups():
    said = [words_of(one.subject, one.description) for one in tickets(600)]

    forecasts = Heaps(Space(said).place(said)).forecasts([1, 5, 9], smallest=4)

    counts = [one.issues for one in forecasts]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_text_is_nearest_to_the_issue_with_the_tickets_most_like_it():
    said = [words_of(*text) for text in [*BURNT, *REFUND]]
    space = Space(said)
    known = Placed(space.place(said), np.array([7] * 4 + [9] * 4))

    issues, near = known.nearest(
        space.place([words_of("Burnt slices", "toaster"), words_of("refund", "")])
    )

    assert issues.tolist() == [7, 9]
    assert (near > 0.5).all()


def test_an_issue_is_called_as_its_customers_call_it():
    texts = [Text(number, *text) for number, text in enumerate([*BURNT, *REFUND], 1)]
    texts.append(Text(9, "Re: Toaster burns bread #400123!!", "Burnt bread, black slices."))
    texts.append(Text(10, "Toaster bruns bread", "Burnt bread."))
    mine = [*texts[:4], *texts[8:]]
    said = [words_of(text.subject, text.description) for text in mine]
    space = Space(said)

    name = describe(mine, space.place(said), space, Background(texts))

    assert name.label == "Toaster burns bread"
    assert any("toaster" in phrase for phrase in name.phrases)
    assert set(name.quoted) <= {1, 2, 3, 4, 9, 10}
    assert len(name.quoted) in range(3, 6)


def test_pages_need_no_scikit_learn():
    asked = (
        "import sys, app.services.insights.deciding; print({'sklearn', 'numpy'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout == "set()\n"
