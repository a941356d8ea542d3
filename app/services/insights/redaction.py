"""Personal data taken out of whatever leaves the house: e-mail addresses, and numbers of phones, cards and accounts.

Each is replaced by a word in brackets that says what stood there, so that the text still reads. Names of people stay:
nobody can tell them from other words for sure. It takes time in proportion to the text.
"""

import re
import unicodedata

EMAIL, CARD, ACCOUNT, PHONE = "[email]", "[card number]", "[account number]", "[phone number]"

# Its parts are bounded, and the one before the @ begins at a border: else long runs of letters would be read again and
# again. Addresses of the whole world: letters of any script.
_EMAIL = re.compile(
    r"(?<![\w.%+'-])[\w.%+'-]{1,64}\s?(?:@|\(at\)|\[at\]|&#64;|%40|\uff20)\s?"
    r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}\b"
)
_LONG_EMAIL = re.compile(r"[\w.%+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}\b")
_GAP = r"[ .\-\u00a0\u2009\u2010-\u2014\u202f]"
_IBAN = re.compile(rf"(?<![^\W_])[A-Z]{{2}}\d{{2}}(?:{_GAP}?[A-Z0-9]){{11,30}}(?![^\W_])", re.I)
_CARD = re.compile(rf"(?<!\d)\d(?:{_GAP}?\d){{12,18}}(?!\d)")
# With a plus or zeros for the country, an area in brackets, or in groups: a bare number may be an order's.
_PHONE = re.compile(
    rf"(?<![\w+])(?:"
    rf"(?:\+|00)\d(?:{_GAP}{{0,2}}(?:\(\d{{1,4}}\)|\d)){{6,14}}"
    rf"|\(\d{{2,5}}\){_GAP}{{0,2}}\d(?:{_GAP}?\d){{4,10}}"
    rf"|0\d{{1,4}}[ /\-]{{1,3}}\d(?:{_GAP}?\d){{4,10}}"
    rf"|\d{{3}}[ .\-]\d{{3}}[ .\-]\d{{4}}"
    rf"|0\d{{9,11}}"
    rf"|0\d(?:[ .]\d{{2}}){{4}}"
    rf")(?![^\W_])"
)
_SHORTEST_IBAN, _LONGEST_IBAN = 15, 34


def redacted(text: str) -> str:
    """The text without personal data. Digits of other scripts and full-width forms are read as what they stand for."""
    if not text.isascii():
        text = "".join(map(_plain, text))
    text = _EMAIL.sub(EMAIL, text)
    if "@" in text:
        text = _LONG_EMAIL.sub(EMAIL, text)
    text = _IBAN.sub(_of_iban, text)
    text = _CARD.sub(_of_card, text)
    return _PHONE.sub(PHONE, text)


def is_card(digits: str) -> bool:
    """By the check digit of Luhn (ISO/IEC 7812): one number in ten has it by chance."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0 and len(set(digits)) > 1


def is_iban(text: str) -> bool:
    """By its check digits (ISO 13616): a number that was mistyped is none."""
    if not _SHORTEST_IBAN <= len(text) <= _LONGEST_IBAN:
        return False
    moved = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign.isdigit() and (number := unicodedata.digit(sign, None)) is not None:
        return str(number)
    return "@" if sign == "\uff20" else "+" if sign == "\uff0b" else sign


def _of_iban(found: re.Match[str]) -> str:
    """The match may have run on into the words behind it: the longest beginning that is an account number goes."""
    text = found.group()
    signs = [place for place, sign in enumerate(text) if sign.isalnum()]
    for count in range(len(signs), _SHORTEST_IBAN - 1, -1):
        end = signs[count - 1] + 1
        if is_iban("".join(sign for sign in text[:end] if sign.isalnum()).upper()):
            return ACCOUNT + text[end:]
    return text


def _of_card(found: re.Match[str]) -> str:
    digits = "".join(sign for sign in found.group() if sign.isdigit())
    return CARD if is_card(digits) else found.group()
