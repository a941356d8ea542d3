"""Tags as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.tags import LONGEST, MOST, TagsRefused, parse_tags


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("vip", ["vip"]),
        ("VIP  Refund", ["vip", "refund"]),
        ("a,b\nc\td", ["a", "b", "c", "d"]),
        ("vip Vip VIP", ["vip"]),
        ("हिन्दी ภาษาไทย", ["हिन्दी", "ภาษาไทย"]),
        ("größe 日本 reise/2026 a_b-c", ["größe", "日本", "reise/2026", "a_b-c"]),
    ],
)
def test_they_become_what_zendesk_keeps(typed, tags):
    assert parse_tags(typed) == tags


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "at least one"),
        ("  , \n", "at least one"),
        ("x" * (LONGEST + 1), f"at most {LONGEST}"),
        (" ".join(f"t{i}" for i in range(5000)), "5,000 tags"),
        ("vip <b>", "“<”"),
        ('say"hi"', '“"”'),
    ],
)
def test_what_zendesk_would_not_keep_is_refused_in_words(typed, words):
    with pytest.raises(TagsRefused) as refusal:
        parse_tags(typed)

    assert words in str(refusal.value)


@given(st.text())
def test_any_text_gives_clean_tags_or_a_refusal(text):
    try:
        tags = parse_tags(text)
    except TagsRefused:
        return

    assert 0 < len(tags) <= MOST
    assert all(tag and not set(tag) & set(" ,\t\n<>\"'") for tag in tags)
    assert parse_tags(" ".join(tags)) == tags
