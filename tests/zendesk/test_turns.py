"""Several threads of one job on their way through the budget."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import NotNow
from app.zendesk.rate_limit import Permit, Why
from app.zendesk.turnstile import Turns

ANY = Endpoint("GET anything")


class Counted:
    """A turn that knows whether two threads are at it at once."""

    def __init__(self, together):
        self.together = together
        self.users = self.most_users = self.told = self.left = 0
        self.refuses = False

    def enter(self, endpoint):
        if self.refuses:
            raise NotNow(Why.MINUTE, 9.0)
        self.users += 1
        self.most_users = max(self.most_users, self.users)
        self.together.wait()
        return Permit("1", endpoint)

    def answered(self, permit, headers, refusal):
        self.users -= 1
        self.told += 1

    def not_sent(self, permit):
        self.users -= 1

    def leave(self):
        self.left += 1


@pytest.fixture
def turns_of():
    """Turns for threads that go in together, and the list of those that were made."""

    def make(threads):
        made, together = [], threading.Barrier(threads, timeout=10)

        def one():
            made.append(Counted(together))
            return made[-1]

        return Turns(one), made

    return make


def call(turns):
    permit = turns.enter(ANY)
    turns.answered(permit, {}, None)


def test_one_thread_goes_the_same_way_again(turns_of):
    turns, made = turns_of(1)

    call(turns), call(turns)

    assert [turn.told for turn in made] == [2]


def test_no_two_threads_use_one_turn_at_once(turns_of):
    turns, made = turns_of(4)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(call, [turns] * 4))

    assert [turn.most_users for turn in made] == [1] * 4


@pytest.mark.parametrize("end", ["refused", "not sent"])
def test_a_turn_is_free_again_however_it_ended(turns_of, end):
    turns, made = turns_of(1)
    call(turns)
    if end == "refused":
        made[0].refuses = True
        with pytest.raises(NotNow):
            turns.enter(ANY)
        made[0].refuses = False
    else:
        turns.not_sent(turns.enter(ANY))

    call(turns)

    assert len(made) == 1


def test_all_turns_take_their_leave(turns_of):
    turns, made = turns_of(2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(call, [turns] * 2))

    turns.leave()

    assert [turn.left for turn in made] == [1, 1]
