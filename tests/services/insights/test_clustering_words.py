"""Which words of a ticket count."""

import pytest

from app.services.insights.clustering.words import cleaned, meaningful, words, words_of


def test_courtesy_in_any_language_says_nothing():
    assert (
        words("Hello dear team, thank you! Guten Tag, vielen Dank. Bonjour, merci. Gracias.") == []
    )


@pytest.mark.parametrize(
    "hidden",
    [
        "#400123",
        "ORD-2026-114455",
        "ada@shop.test",
        "https://shop.test/x?y=1",
        "+49 30 1234567",
        "{{ticket.id}}",
    ],
)
def test_numbers_of_orders_and_addresses_are_hidden(hidden):
    assert words_of(f"Toaster {hidden}", "") == words_of("Toaster", "")


def test_versions_and_error_codes_are_kept():
    assert words("error 5031 since 4.2.0") == ["error", "5031", "4.2.0"]


def test_words_of_the_subject_count_twice():
    assert words_of("Flicker", "lamp") == ["flick", "flick", "lamp"]


def test_words_of_several_languages_meet():
    said = ["reimbursement", "Rückerstattung", "remboursement", "reembolso", "rimborso"]

    assert {word for one in said for word in words(one)} == {"refund"}


def test_scripts_without_spaces_give_pairs_of_letters_but_no_endings():
    assert words("荷物が届きません") == ["荷物", "物が", "が届", "届き"]


def test_a_quoted_mail_and_a_signature_are_left_out():
    said = "The lamp flickers.\n\nKind regards\nAda Byron, Lamp Street\n> your kettle"

    assert meaningful(said).strip() == "The lamp flickers."


@pytest.mark.parametrize(
    "hostile", ["x" * 65_536, "🔥" * 3_000, "\0\0\0", "<" * 30_000, "a-" * 30_000, "\u202e", ""]
)
def test_hostile_texts_have_few_words_or_none(hostile):
    assert len(words_of(hostile, hostile)) < 2_000


@pytest.mark.parametrize(
    ("subject", "label"),
    [
        ("Re: Fwd: AW: Charged twice for #400123", "Charged twice"),
        ("  Order #400123 has not   arrived!!! ", "Order has not arrived"),
        ("Danger: kettle runs dry", "Danger: kettle runs dry"),
        ("#400123", ""),
    ],
)
def test_a_subject_is_cleaned_for_a_label(subject, label):
    assert cleaned(subject) == label
