"""What leaves the house has no personal data that can be known by its form."""

import pytest

from app.services.insights.redaction import (
    ACCOUNT,
    CARD,
    EMAIL,
    PHONE,
    is_card,
    is_iban,
    redacted,
)


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.com",
        "Ada.O'Hara+shop@mail.example.co.uk",
        "jürgen@müller.example",
        "ada(at)example.com",
        "ada [at] example.com",
        "ada\uff20example.com",
    ],
)
def test_addresses_go(address):
    assert redacted(f"Write to {address}, please.") == f"Write to {EMAIL}, please."


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1111",
        "4111111111111111",
        "5500-0000-0000-0004",
        "3782 822463 10005",
        "6011\u00a00009\u00a09013\u00a09424",
        "٤١١١١١١١١١١١١١١١",
    ],
)
def test_card_numbers_go(number):
    assert redacted(f"My card {number}, it is blocked.") == f"My card {CARD}, it is blocked."


@pytest.mark.parametrize(
    "number",
    ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "fr14 2004 1010 0505 0001 3m02 606"],
)
def test_account_numbers_go(number):
    assert redacted(f"To {number} please") == f"To {ACCOUNT} please"


@pytest.mark.parametrize(
    "number",
    [
        "+49 151 23456789",
        "+1 (415) 555-2671",
        "0049 30 901820",
        "030/9018 2000",
        "(415) 555-2671",
        "415-555-2671",
        "06 12 34 56 78",
        "+34 612 345 678",
        "+44 (0)20 7946 0958",
        "01512345678",
    ],
)
def test_phone_numbers_go(number):
    assert redacted(f"Call {number} now") == f"Call {PHONE} now"


@pytest.mark.parametrize(
    "text",
    [
        "Order #482230 of 2026-11-23 at 10:45, 19.99 EUR, version 4.2.0, error 5031.",
        "Parcel 4111111111111112 is a number that no card has.",
        "The serial number AB12CDEFGHIJKLMNOP looks like an account and is none.",
        "See https://shop.example/orders/1234?page=2 or @ada on the forum.",
        "We are 2000 to 3000 people in 15 offices.",
    ],
)
def test_other_numbers_stay(text):
    assert redacted(text) == text


def test_whatever_stands_around_it_stays():
    told = redacted("IBAN DE89370400440532013000 and mail a@b.example; card 4111 1111 1111 1111!")

    assert told == f"IBAN {ACCOUNT} and mail {EMAIL}; card {CARD}!"


def test_check_digits():
    assert is_card("4111111111111111")
    assert not is_card("0000000000000000")
    assert is_iban("DE89370400440532013000")
    assert not is_iban("DE88370400440532013000")


@pytest.mark.parametrize("piece", ["a", "a.", "1 ", "+", "@", "DE12", "a@", "0-"])
def test_no_text_is_too_much(piece):
    text = piece * 30_000

    assert len(redacted(text)) <= 10 * len(text)
