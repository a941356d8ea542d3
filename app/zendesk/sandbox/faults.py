"""Faults that somebody switched on: which of them strike a request, and what they do to it."""

import errno
from collections import Counter
from dataclasses import dataclass

from .answers import Answer, Refusal, not_found
from .chance import happens
from .rules import AT_THE_DOOR, INSTEAD, JOB_KINDS, SLOW, Rule, parsed
from .settings import Settings

_TOO_MANY = "Number of allowed API requests per minute exceeded"
_HTML = "<html><head><title>500</title></head><body><h1>Something went wrong</h1></body></html>"
_USUAL_WAIT = 10  # real seconds
# A conditional limit says no although something is left of the minute; these say that nothing is.
_FULL = frozenset({"rate_limited", "rate_limited_silent", "rate_limited_plain"})


class Cut(ConnectionResetError):
    """The connection breaks and no answer is sent. Behind a server the client sees just that.

    In one process, where there is no connection, it comes out of the WSGI call.
    """

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "The sandbox cut the connection.")


@dataclass
class Armed:
    """A rule and how often it matched and struck so far."""

    rule: Rule
    number: int
    seen: int = 0
    struck: int = 0

    def throws(self, seed: int) -> bool:
        """Each request that matches is one throw, whatever comes of the other rules."""
        self.seen += 1
        rule = self.rule
        if self.seen <= rule.after or (rule.times is not None and self.struck >= rule.times):
            return False
        return happens(rule.probability, seed, self.number, rule.kind, self.seen)


class Faults:
    """Setting the rules begins their counts anew; other settings leave them alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asked = ("", "", "")
        self.counts: Counter[str] = Counter()
        self._armed = _armed(settings)

    @property
    def settings(self) -> Settings:
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        if settings.faults is not self._settings.faults:
            self._armed = _armed(settings)
        self._settings = settings

    def struck(self, method: str, route: str, path: str) -> "Struck":
        """What strikes this request: a delay, and one fault of another kind at most."""
        self._asked = method, route, path
        rules = self._striking(of_jobs=False)
        slow = [rule for rule in rules if rule.kind == SLOW]
        others = [rule for rule in rules if rule.kind != SLOW]
        return Struck(others[0] if others else None, sum(rule.seconds or 0 for rule in slow))

    def job_trouble(self) -> Rule | None:
        """What befalls the job that the request at hand queues."""
        rules = self._striking(of_jobs=True)
        return rules[0] if rules else None

    def _striking(self, of_jobs: bool) -> list[Rule]:
        """Rules that strike, of which only slowness goes together with another."""
        striking: list[Rule] = []
        for armed in self._armed:
            rule = armed.rule
            if (rule.kind in JOB_KINDS) is not of_jobs or not rule.matches(*self._asked):
                continue
            taken = any(other.kind != SLOW for other in striking)
            if armed.throws(self._settings.fault_seed) and (rule.kind == SLOW or not taken):
                armed.struck += 1
                self.counts[rule.kind] += 1
                striking.append(rule)
        return striking


@dataclass(frozen=True)
class Struck:
    """What befalls one request."""

    rule: Rule | None = None
    delay: float = 0.0  # real seconds

    @property
    def revokes(self) -> bool:
        return self.rule is not None and self.rule.kind == "revoked_token"

    @property
    def says_full(self) -> bool:
        """Whether its refusal tells that nothing is left of the minute."""
        return self.rule is not None and self.rule.kind in _FULL

    def at_the_door(self) -> None:
        """Before anything is counted. Raises Refusal or Cut."""
        if self.rule and self.rule.kind in AT_THE_DOOR and not self.revokes:
            if self.rule.kind == "cut_before":
                raise Cut
            raise Refusal(_door_answer(self.rule))

    def instead(self) -> None:
        """After the request was counted, before anything is done. Raises Refusal."""
        if self.rule and self.rule.kind in INSTEAD:
            raise not_found() if self.rule.kind == "unknown_404" else _rate_limited(self.rule)

    def afterwards(self, answer: Answer) -> None:
        """Spoil the answer of what was done; a refusal can only come late or not at all."""
        answer.delay = self.delay
        kind = self.rule.kind if self.rule else None
        answer.cut = kind == "cut_after"
        if kind in ("empty", "garbage") and answer.status < 400:
            answer.body = b"" if kind == "empty" else _garbled(answer.body)


def _armed(settings: Settings) -> list[Armed]:
    return [Armed(rule, number) for number, rule in enumerate(parsed(settings.faults))]


def _door_answer(rule: Rule) -> Answer:
    if rule.kind == "html_500":
        return Answer(_HTML, 500, {"Content-Type": "text/html; charset=utf-8"})
    wait = rule.retry_after
    return Answer("Service Unavailable", 503, {} if wait is None else {"Retry-After": str(wait)})


def _rate_limited(rule: Rule) -> Refusal:
    wait = _USUAL_WAIT if rule.retry_after is None else rule.retry_after
    headers = {} if rule.kind == "rate_limited_silent" else {"Retry-After": str(wait)}
    plain = rule.kind == "rate_limited_plain"
    content = _TOO_MANY if plain else {"error": "APIRateLimitExceeded", "description": _TOO_MANY}
    return Refusal(Answer(content, 429, headers))


def _garbled(body: bytes) -> bytes:
    """It ends in the middle, and holds a byte that is not UTF-8."""
    return body[: len(body) // 2] + b"\xff"
