"""Browsers in the words of people."""

import pytest

from app.services.browsers import in_words

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140 Safari/537 Edg/140",
            "Edge on Windows",
        ),
        (f"Mozilla/5.0 (iPhone; CPU) {WEBKIT} Version/18.0 Safari/605", "Safari on an iPhone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko Firefox/140.0", "Firefox on Android"),
        ("curl/8.0", "Another program"),
        ("", "Another program"),
    ],
)
def test_is_said_as_people_say_it(said, words):
    assert in_words(said) == words
