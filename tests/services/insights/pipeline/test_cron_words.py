"""Cron's text as a person would say it."""

import pytest

from app.services.insights.cron_words import in_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 2 * * *", "every day at 02:00"),
        ("30 6,18 * * *", "every day at 06:30 and 18:30"),
        ("0 * * * *", "every hour, on the hour"),
        ("15 */4 * * *", "every 4 hours, 15 min past it"),
        ("*/5 * * * *", "every 5 minutes"),
        ("* * * * *", "every minute"),
        ("0 9 * * 1", "every Monday at 09:00"),
        ("0 9 * * mon-fri", "every day from Monday to Friday at 09:00"),
        ("0 9 * * 1,3,7", "every Monday, Wednesday and Sunday at 09:00"),
        ("0 3 1 * *", "on day 1 of each month at 03:00"),
        ("0 3 L * *", "at the times of “0 3 L * *”"),
        ("0 9 * * 1#2", "at the times of “0 9 * * 1#2”"),
        ("*/5 9-17 1 1 *", "at the times of “*/5 9-17 1 1 *”"),
    ],
)
def test_a_time_in_words(text, words):
    assert in_words(text) == words
