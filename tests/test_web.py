"""How pages write times: local where a browser can tell, and never without the UTC."""

from datetime import UTC, datetime, timedelta, timezone

from app.web import moment, with_moments

NOON = datetime(2026, 11, 23, 12, 4, 31, 250, tzinfo=UTC)
NOON_SHOWN = '<time datetime="2026-11-23T12:04:31Z" title="23 Nov 2026, 12:04 UTC">23 Nov 2026, 12:04 UTC</time>'


def test_a_time_says_its_utc_in_words_and_for_scripts():
    assert moment(NOON) == NOON_SHOWN


def test_a_time_of_any_zone_is_the_same_time():
    assert moment(NOON.astimezone(timezone(timedelta(hours=9)))) == NOON_SHOWN


def test_a_time_to_the_second_says_so():
    shown = moment(NOON, exact=True)

    assert 'title="23 Nov 2026, 12:04:31 UTC" data-exact>23 Nov 2026, 12:04:31 UTC<' in shown


def test_a_time_that_is_not_known_is_a_dash():
    assert moment(None) == "–"


def test_times_within_a_sentence_are_times_too_and_the_rest_is_text():
    words = with_moments("<b> is good until 23 Nov 2026, 12:04 UTC; then renewed.")

    at = NOON_SHOWN.replace("12:04:31Z", "12:04:00Z")
    assert words == f"&lt;b&gt; is good until {at}; then renewed."


def test_a_sentence_without_a_time_stays_as_it_is():
    assert with_moments("Zendesk & we agree.") == "Zendesk &amp; we agree."
