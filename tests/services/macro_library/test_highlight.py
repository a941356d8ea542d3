"""What was met is marked where it stands in the text, accents and all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.macro_library.highlight import excerpt, parts
from app.services.macro_library.query import Query


def marked(text, typed):
    return "".join(
        f"[{one.text}]" if one.is_met else one.text for one in parts(text, Query.of(typed))
    )


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Refund sent", "ref", "[Ref]und sent"),
        ("Refund sent, refunded", "REFUND", "[Refund] sent, [refund]ed"),
        ("a refund, prerefund", "refund", "a [refund], prerefund"),
        ("Café au lait", "cafe", "[Café] au lait"),
        ("Cafe\u0301 au lait", "cafe", "[Cafe\u0301] au lait"),
        ("Straße 5", "strasse", "[Straße] 5"),
        ("firmware-4-2", "firmware 4", "[firmware]-[4]-2"),
        ("配送所のストライキ", "ストライキ", "配送所の[ストライキ]"),
        ("\uff26\uff55\uff4c\uff4c width", "full", "[\uff26\uff55\uff4c\uff4c] width"),
        ("<b>bold</b>", "b", "<[b]>[b]old</[b]>"),
        ("nothing here", "wombat", "nothing here"),
        ("nothing typed", "", "nothing typed"),
    ],
)
def test_what_was_met_is_marked(text, typed, shown):
    assert marked(text, typed) == shown


@given(st.text(max_size=60), st.text(max_size=12))
def test_no_character_is_lost_or_added(text, typed):
    assert "".join(one.text for one in parts(text, Query.of(typed))) == text


def test_an_excerpt_shows_what_was_met_however_late_it_comes():
    text = "word " * 500 + "wombat " + "word " * 500

    shown = excerpt(text, Query.of("wombat"))

    assert [one.text for one in shown if one.is_met] == ["wombat"]
    assert shown[0].text == shown[-1].text == "…"
    assert sum(len(one.text) for one in shown) < 300


def test_an_excerpt_of_a_short_text_is_all_of_it():
    assert [one.text for one in excerpt("Hello", Query.of("x"))] == ["Hello"]
