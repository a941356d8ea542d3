"""Whoever tries too often has to wait, and nobody else."""

import pytest
import time_machine

from app.extensions import redis
from app.services import throttle
from tests.fixtures.giga import PASSWORD
from tests.fixtures.visitor import Visitor

EMAIL = "agent@giga.test"
AT_ADDRESS = throttle.ACCOUNT_AT_ADDRESS.amount


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False) as clock:
        yield clock


def somebody(app, address="203.0.113.7"):
    """A browser of its own, somewhere."""
    visitor = Visitor(app)
    visitor.http.environ_base["REMOTE_ADDR"] = address
    return visitor


def fails(visitor, times, email=EMAIL):
    """Type wrong passwords, as a program would: without looking at the form each time."""
    visitor.http.application.config["WTF_CSRF_ENABLED"] = False
    for _ in range(times):
        answer = visitor.open("/login", "POST", data={"email": email, "password": "wrong"})
    return answer


@pytest.mark.parametrize("email", [EMAIL, "nobody@giga.test"])
def test_too_many_tries_are_told_to_wait_whether_the_account_exists_or_not(
    app, make_user, clock, email
):
    make_user(EMAIL)
    attacker = somebody(app)
    assert fails(attacker, AT_ADDRESS, email).status_code == 422

    answer = attacker.sign_in(email, PASSWORD)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert (
        "There were too many tries. Try again in 15 minutes. Nobody was signed in." in answer.text
    )
    assert f'value="{email}"' in answer.text


def test_after_the_wait_the_person_gets_in(app, make_user, clock):
    make_user(EMAIL)
    person = somebody(app)
    fails(person, AT_ADDRESS)

    clock.shift(15 * 60 - 1)
    assert "Try again in one second." in person.sign_in(EMAIL).text
    clock.shift(2)

    assert person.sign_in(EMAIL).status_code == 302


def test_a_right_password_lets_the_count_begin_anew(app, make_user, clock):
    make_user(EMAIL)
    for _ in range(2):
        person = somebody(app)
        fails(person, AT_ADDRESS - 1)
        assert person.sign_in(EMAIL).status_code == 302


def test_an_attacker_does_not_lock_out_the_person_elsewhere(app, make_user, clock):
    make_user(EMAIL)
    assert fails(somebody(app), AT_ADDRESS + 1).status_code == 429

    assert somebody(app, "198.51.100.4").sign_in(EMAIL).status_code == 302


def test_many_attackers_do_not_lock_out_a_browser_in_which_the_person_was_before(
    app, make_user, clock
):
    make_user(EMAIL)
    known = somebody(app, "198.51.100.4")
    known.sign_in(EMAIL)
    known.submit("/", "/logout")
    for number in range(5):
        fails(somebody(app, f"203.0.113.{number}"), AT_ADDRESS)

    stranger = somebody(app, "192.0.2.1").sign_in(EMAIL)

    assert stranger.status_code == 429
    assert known.sign_in(EMAIL).status_code == 302


def test_a_known_browser_has_few_tries_too(app, make_user, clock):
    make_user(EMAIL)
    known = somebody(app)
    known.sign_in(EMAIL)
    known.submit("/", "/logout")

    assert fails(known, throttle.KNOWN_BROWSER.amount).status_code == 422
    assert known.sign_in(EMAIL).status_code == 429


def test_a_browser_is_known_for_the_account_alone_that_signed_in(app, make_user, clock):
    make_user("own@giga.test")
    make_user(EMAIL)
    attacker = somebody(app)
    attacker.sign_in("own@giga.test")
    attacker.submit("/", "/logout")
    for number in range(5):
        fails(somebody(app, f"198.51.100.{number}"), AT_ADDRESS)

    assert attacker.sign_in(EMAIL).status_code == 429


@pytest.mark.parametrize("cookie", ["nonsense", "WyJhIiwiYiJd.ABC.def", "\x00"])
def test_a_cookie_that_is_made_up_makes_no_browser_known(app, make_user, clock, cookie):
    make_user(EMAIL)
    attacker = somebody(app)
    attacker.http.set_cookie("giga_known_browser", cookie, path="/login")

    fails(attacker, AT_ADDRESS)

    assert attacker.sign_in(EMAIL).status_code == 429


def test_one_address_cannot_try_a_password_on_everybody(app, make_user, clock):
    make_user(EMAIL)
    attacker = somebody(app)
    for number in range(throttle.ADDRESS.amount):
        fails(attacker, 1, f"person{number}@giga.test")

    assert attacker.sign_in(EMAIL).status_code == 429
    assert somebody(app, "198.51.100.4").sign_in(EMAIL).status_code == 302


def test_an_office_full_of_people_who_mistype_keeps_no_known_browser_out(app, make_user, clock):
    make_user(EMAIL)
    office = "198.51.100.4"
    known = somebody(app, office)
    known.sign_in(EMAIL)
    known.submit("/", "/logout")
    for number in range(throttle.ADDRESS.amount):
        fails(somebody(app, office), 1, f"person{number}@giga.test")

    assert somebody(app, office).sign_in(EMAIL).status_code == 429
    assert known.sign_in(EMAIL).status_code == 302


def test_an_address_of_ipv4_is_the_same_when_it_is_written_as_one_of_ipv6(app, make_user, clock):
    make_user(EMAIL)
    fails(somebody(app, "203.0.113.7"), AT_ADDRESS)

    assert somebody(app, "::ffff:203.0.113.7").sign_in(EMAIL).status_code == 429
    assert somebody(app, "::ffff:203.0.113.8").sign_in(EMAIL).status_code == 302


def test_a_network_of_ipv6_is_one_address(app, make_user, clock):
    make_user(EMAIL)
    fails(somebody(app, "2001:db8::1"), AT_ADDRESS)

    assert somebody(app, "2001:db8::2:3").sign_in(EMAIL).status_code == 429
    assert somebody(app, "2001:db8:0:1::1").sign_in(EMAIL).status_code == 302


def test_redis_knows_neither_the_email_nor_the_address(app, make_user, clock):
    make_user(EMAIL)
    fails(somebody(app), 1)

    keys = " ".join(redis.keys("*tries*"))

    assert "account-at-address" in keys
    assert "giga.test" not in keys
    assert "203.0.113" not in keys


def test_is_noted_once_in_a_while(app, make_user, clock, audited):
    make_user(EMAIL)
    fails(somebody(app), AT_ADDRESS + 3)

    assert audited("sign_in.throttled") == [("system", EMAIL, {})]
    clock.shift(3600)
    fails(somebody(app), AT_ADDRESS + 3)
    assert len(audited("sign_in.throttled")) == 2


def test_the_log_has_no_email_of_an_account_that_does_not_exist(app, visitor, audited):
    fails(visitor, AT_ADDRESS + 1, "hunter2 typed into the wrong field")

    assert {row[1] for row in audited("sign_in.refused") + audited("sign_in.throttled")} == {""}


@pytest.mark.parametrize("app_of_the_process", ["first", "second"])
def test_without_redis_people_sign_in_and_tries_are_counted_all_the_same(
    app, make_user, clock, caplog, app_of_the_process
):
    email = make_user("without-redis@giga.test")
    app.config["REDIS_URL"] = "redis://127.0.0.1:1/0"
    redis.init_app(app)

    assert somebody(app, "198.51.100.4").sign_in(email).status_code == 302
    assert fails(somebody(app), AT_ADDRESS + 1, email).status_code == 429
    words = "tries to sign in are counted by this process alone"
    assert sum(words in one.getMessage() for one in caplog.records) == 1, (
        "asked once, not each time"
    )
