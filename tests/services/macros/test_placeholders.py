"""Which placeholders of a comment came out empty."""

import pytest

from app.services.comment import Comment
from app.services.macros.placeholders import emptied, placeholders_in


def comment(text):
    return Comment(text, is_html=True, public=True)


def test_placeholders_are_named_once_without_their_filters():
    text = "Hi {{ticket.requester.first_name | default: 'you'}} {{ticket.id}}, {{ ticket.id }}"

    assert placeholders_in(text) == ["ticket.requester.first_name", "ticket.id"]


@pytest.mark.parametrize(
    ("template", "filled", "empty"),
    [
        ("<p>Dear {{a}},</p>", "<p>Dear Ann,</p>", []),
        ("<p>Dear {{a}},</p>", "<p>Dear ,</p>", ["a"]),
        ("<p>Order {{a}} of {{b}}.</p>", "<p>Order  of 3 May.</p>", ["a"]),
        ("{{a}} wrote {{b}}", "Ann wrote", ["b"]),
        ("Dear {{a}} {{b}}, thanks", "Dear Smith, thanks", []),
        ("Dear {{a}} {{b}}, thanks", "Dear , thanks", ["a", "b"]),
        ("{{a}}, {{a}}!", ", !", ["a"]),
        ("Dear {{a}}, {% if b %}yes{% endif %}", "Dear , yes", []),
        ("Dear {{a}}", "Something else", []),
        ("Nothing to fill in", "Nothing to fill in", []),
    ],
)
def test_a_placeholder_is_empty_if_the_words_around_it_touch(template, filled, empty):
    assert emptied(comment(template), comment(filled)) == empty


def test_nothing_is_known_of_a_ticket_without_a_comment():
    assert emptied(comment("Dear {{a}}"), None) == []


def test_a_placeholder_ends_before_the_next_one_begins():
    assert placeholders_in("{{ a {{ b }} c }}") == ["b"]
