"""One round of calls: several at once, within pace and purse, each tried again where that helps, until time is over."""

import logging
import random
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.config import Price
from app.database import now
from app.services.insights.analysers.analyser import Analysis, Answers, Failure, Trouble
from app.services.insights.analysers.claude import pace
from app.services.insights.analysers.claude.answer import Malformed, answers_in
from app.services.insights.analysers.claude.calling import (
    Caller,
    MustStop,
    NotTaken,
    Reply,
    TryLater,
)
from app.services.insights.analysers.claude.prompt import TICKETS_A_CALL, Question, question
from app.services.insights.analysers.claude.purse import CapReached, Purse, Reservation
from app.services.insights.ticket_text import TicketText

log = logging.getLogger(__name__)

AT_ONCE = 4  # calls
MOST_TRIES = 4  # of a call in one round
FIRST_PAUSE = 1.0  # seconds before the second try; twice as long before each more
MOST_SETBACKS = 10  # rounds in a row without an answer, in about ten minutes
_LONGEST_PAUSE = 60.0
MOST_REFUSALS = 10  # calls, none of which was taken
_ROOM_SECONDS = 5.0
_LOOK = 0.25  # seconds until it is looked again whether the minute has room
_GIVEN_UP = (
    "Claude did not answer for ten rounds of calls in a row. What was analysed is kept, the rest waits for the next "
    "run. See whether its service is disturbed, and whether this server reaches it."
)
_REFUSED = (
    "Claude refused every call, as it does where the account has no credit left. What was analysed is kept, the rest "
    "waits for the next run. See the account at Anthropic."
)


@dataclass
class Call:
    tickets: Sequence[TicketText]
    is_small: bool = False
    tries: int = 0
    not_before: float = 0.0


@dataclass
class Flight:
    call: Call
    question: Question
    reserved: Reservation


class Round:
    """Calls are made in threads, which touch nothing else: money and results are kept by the thread that asks."""

    def __init__(
        self, caller: Caller, purse: Purse, price: Price, tickets: Sequence[TicketText]
    ) -> None:
        pieces = range(0, len(tickets), TICKETS_A_CALL)
        self._caller, self._purse, self._price = caller, purse, price
        self._queue = deque(Call(tickets[start : start + TICKETS_A_CALL]) for start in pieces)
        self._flying: dict[Future[Reply], Flight] = {}
        self._analyses: list[Analysis] = []
        self._failures: list[Failure] = []
        self._given_up: list[
            Failure
        ] = []  # of calls that were never answered: perhaps no fault of theirs
        self._held_until = 0.0
        self._refusals = 0
        self._stopped = ""
        self._has_begun = self._has_answer = False

    def answers(self, until: float) -> Answers:
        """What became of the tickets by then, or by when the calls that are under way are answered."""
        with ThreadPoolExecutor(AT_ONCE, "claude") as threads:
            while self._queue or self._flying:
                self._launch(threads, until)
                if not self._flying and (self._stopped or self._is_over(until)):
                    break
                if self._flying:
                    self._settle(wait(self._flying, _LOOK, FIRST_COMPLETED).done)
                else:
                    time.sleep(self._nap())
        return self._told()

    def _nap(self) -> float:
        """Until a call may be made again; where it is the minute that has no room, until it is looked again."""
        ready = max(self._held_until, min(call.not_before for call in self._queue))
        seconds = ready - time.monotonic()
        return min(seconds, _LOOK) if seconds > 0 else _LOOK

    def _is_over(self, until: float) -> bool:
        """Whatever is waited for, it comes too late, or calls are not answered at all."""
        moment = time.monotonic()
        return moment >= until or self._held_until >= until or self._is_disturbed

    @property
    def _is_disturbed(self) -> bool:
        return bool(self._given_up) and not self._has_answer

    def _launch(self, threads: ThreadPoolExecutor, until: float) -> None:
        while len(self._flying) < AT_ONCE and not self._stopped and not self._is_disturbed:
            moment = time.monotonic()
            # One call at least is made in each round, however late it began.
            if (moment >= until and self._has_begun) or moment < self._held_until:
                return
            call = next((one for one in self._queue if one.not_before <= moment), None)
            if call is None or not self._launch_one(threads, call):
                return

    def _launch_one(self, threads: ThreadPoolExecutor, call: Call) -> bool:
        try:
            asked = question(call.tickets)
        except Exception as error:  # noqa: BLE001 - one ticket's fault, and others' calls are under way
            self._blame(call, error)
            return True
        if not pace.take(asked.input_tokens + asked.output_tokens):
            return False
        try:
            reserved = self._purse.reserve(self._cost(asked.input_tokens, asked.output_tokens))
        except CapReached as error:
            self._stopped = str(error)
            return False
        self._queue.remove(call)
        self._has_begun = True
        call.tries += 1
        self._flying[threads.submit(self._caller.ask, asked)] = Flight(call, asked, reserved)
        return True

    def _settle(self, done: set[Future[Reply]]) -> None:
        for future in done:
            flight = self._flying.pop(future)
            try:
                self._take(flight, future.result())
            except TryLater as error:
                self._pay(flight, flight.reserved.micro_dollars if error.may_cost else 0)
                self._try_later(flight.call, error)
            except NotTaken:
                self._pay(flight, 0)
                self._reject(flight.call)
            except MustStop as error:
                self._pay(flight, 0)
                self._stopped = str(error)
            except Exception as error:  # noqa: BLE001 - what the other calls are answered is paid for
                self._failures += _failed(flight.call, Trouble.UNEXPECTED)
                log.warning("an answer of Claude's was not understood: %s", type(error).__name__)

    def _take(self, flight: Flight, reply: Reply) -> None:
        cost = self._cost(reply.input_tokens, reply.output_tokens)
        self._pay(flight, cost, reply.input_tokens, reply.output_tokens)
        self._has_answer = True
        if reply.stop_reason != "end_turn":
            trouble = Trouble.DECLINED if reply.stop_reason == "refusal" else Trouble.TRUNCATED
            self._make_smaller(flight.call, trouble)
            return
        try:
            found = answers_in(reply.text, flight.question.names)
        except Malformed:
            self._make_smaller(flight.call, Trouble.MALFORMED)
            return
        self._analyses += found.analyses
        self._failures += found.failures

    def _blame(self, call: Call, error: Exception) -> None:
        """Nothing can be asked about one of the tickets."""
        self._queue.remove(call)
        self._make_smaller(call, Trouble.UNEXPECTED)
        log.warning("tickets could not be put to Claude: %s", type(error).__name__)

    def _reject(self, call: Call) -> None:
        """One call may be refused for what is in it; where all are, it is not the tickets' fault."""
        self._refusals += 1
        self._make_smaller(call, Trouble.REJECTED)
        if self._refusals >= MOST_REFUSALS and not self._has_answer:
            self._stopped = _REFUSED
            self._failures = [one for one in self._failures if one.trouble != Trouble.REJECTED]

    def _make_smaller(self, call: Call, trouble: Trouble) -> None:
        """Ticket by ticket, once: so the one that causes it is found."""
        if call.is_small or len(call.tickets) == 1:
            self._failures += _failed(call, trouble)
        else:
            self._queue.extend(Call([ticket], is_small=True) for ticket in call.tickets)

    def _try_later(self, call: Call, error: TryLater) -> None:
        pause = min(FIRST_PAUSE * 2 ** (call.tries - 1), _LONGEST_PAUSE)
        pause *= random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing
        begins = time.monotonic() + max(pause, error.seconds or 0.0)
        if error.is_for_all:
            self._held_until = max(self._held_until, begins)
        if call.tries >= MOST_TRIES:
            self._given_up += _failed(call, error.trouble)
            return
        call.not_before = begins
        self._queue.append(call)

    def _told(self) -> Answers:
        if self._stopped:
            return Answers(self._analyses, self._failures, self._stopped)
        if not self._has_begun:  # the minute had no room
            self._held_until = max(self._held_until, time.monotonic() + _ROOM_SECONDS)
        if self._has_answer:
            self._purse.got_on()
        if self._has_answer or not self._has_begun:
            return Answers(self._analyses, [*self._failures, *self._given_up], "", self._wait())
        if not self._given_up and not self._queue:  # every call was refused
            return Answers(failures=self._failures)
        if (setbacks := self._purse.set_back()) >= MOST_SETBACKS:
            return Answers(failures=[*self._failures, *self._given_up], stopped=_GIVEN_UP)
        self._held_until = max(
            self._held_until, time.monotonic() + min(2.0**setbacks, _LONGEST_PAUSE)
        )
        return Answers(failures=self._failures, wait_until=self._wait())

    def _wait(self) -> datetime | None:
        """When to go on, if that is not at once."""
        seconds = self._held_until - time.monotonic()
        return now() + timedelta(seconds=seconds) if seconds > 0 else None

    def _pay(self, flight: Flight, micro_dollars: int, sent: int = 0, answered: int = 0) -> None:
        self._purse.settle(flight.reserved, micro_dollars, sent, answered)

    def _cost(self, sent: int, answered: int) -> int:
        """In millionths of a dollar: a dollar for a million tokens is one for each."""
        return round(sent * self._price.sent + answered * self._price.answered + 0.5)


def _failed(call: Call, trouble: Trouble) -> list[Failure]:
    return [Failure(ticket.ticket_id, trouble) for ticket in call.tickets]
