"""How well issues are measured to match the truth."""

from bench import measures
from bench.labelled import tickets
from bench.wordings import half


def texts(wordings):
    found = set()
    for one in wordings:
        found |= {*one.subjects, *one.bodies}
        for subjects, bodies in one.tongues.values():
            found |= {*subjects, *bodies}
    return found


def test_what_was_tuned_on_is_not_measured():
    assert not texts(half("tuning")) & texts(half("test"))


def test_tickets_in_other_words_have_the_same_problems_and_some_new():
    own = {one.truth for one in tickets(1_500)}
    other = {one.truth for one in tickets(1_500, half("test"))}

    assert other - own == {one.key for one in half("test") if one.share}
    assert own <= other


def test_the_truth_itself_scores_full_marks():
    score = measures.score(["a", "a", "b", "b"], [7, 7, 3, 3])

    assert (score.ari, score.v, score.purity, score.issues, score.alone) == (1, 1, 1, 2, 0)


def test_what_is_in_no_issue_counts_as_wrong():
    score = measures.score(["a", "a", "b", "b"], [7, 7, measures.NOTHING, measures.NOTHING])

    assert score.ari < 1
    assert score.alone == 2
