"""Asking Zendesk about many things at once."""

import threading
from contextlib import suppress
from itertools import islice

import pytest

from app.services.asking import AT_ONCE, ask_each
from app.zendesk.errors import NotNow
from app.zendesk.rate_limit import Why


def test_each_item_comes_with_its_own_answer(in_app):
    assert list(ask_each(range(50), lambda item: item * 2)) == [(one, one * 2) for one in range(50)]


def test_several_are_asked_at_once(in_app):
    together = threading.Barrier(AT_ONCE, timeout=10)

    answers = list(ask_each(range(AT_ONCE), lambda item: together.wait() >= 0))

    assert len(answers) == AT_ONCE


def test_after_a_failure_no_other_call_is_begun(in_app):
    begun, ended = [], threading.Event()

    def ask(item):
        begun.append(item)
        if item == 3:
            raise NotNow(Why.MINUTE, 9.0)
        assert ended.wait(10)

    threading.Timer(0.5, ended.set).start()
    with pytest.raises(NotNow):
        list(ask_each(range(1000), ask))

    assert len(begun) < 2 * AT_ONCE


def test_what_was_answered_comes_before_the_failure(in_app):
    def ask(item):
        if item == 5:
            raise NotNow(Why.MINUTE, 9.0)
        return item

    answers = ask_each(range(6), ask)

    assert list(islice(answers, 5)) == [(one, one) for one in range(5)]
    with pytest.raises(NotNow):
        next(answers)


def test_nothing_is_asked_of_nobody(in_app):
    assert list(ask_each([], lambda item: 1 / 0)) == []


@pytest.mark.parametrize("end", ["a fault of ours", "nobody wants the rest"])
def test_however_it_ends_no_other_call_is_begun(in_app, end):
    begun, ended = [], threading.Event()

    def ask(item):
        begun.append(item)
        if item > 0:
            assert ended.wait(10)
        elif end == "a fault of ours":
            raise ZeroDivisionError

    answers = ask_each(range(1000), ask)
    threading.Timer(0.1, ended.set).start()
    with suppress(ZeroDivisionError):
        next(answers)
        answers.close()

    assert len(begun) < 1000
