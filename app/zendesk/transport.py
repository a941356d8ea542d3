"""Carries calls to Zendesk: signs, sends, reads the answer, and turns what goes wrong into our errors.

It never sleeps and never repeats a refused call, but for one retry with a renewed sign-in.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import requests
from requests.adapters import BaseAdapter

from app import metrics
from app.zendesk.answer import BROKEN, Answer, decoded, fail
from app.zendesk.deadline import BoundedAdapter
from app.zendesk.endpoints import Endpoint, endpoint_of
from app.zendesk.errors import NotSent, WritingStopped, ZendeskError, from_answer
from app.zendesk.sign_in import SignIn
from app.zendesk.turnstile import Open, Turnstile

LARGEST_ANSWER = 64 * 2**20  # bytes; a page of 1,000 long tickets has some 10 MB
_TOO_LATE = "The call was not made, since its turn came too late"
_STOPPED = "The call was not made, since all writing to Zendesk is stopped"
_UNFIT_CREDENTIALS = "The credentials for Zendesk hold characters that cannot be sent"


class Timeouts(NamedTuple):
    """Seconds, which together bound a call: to connect, and from there to the last byte of the answer."""

    connect: float = 5.0
    answer: float = 25.0


class Transport:
    """Speaks to one Zendesk account, when the turnstile lets it.

    `adapter` is a seam for tests: it takes the place of the network. `may_send` is asked at the last moment before a
    call leaves, and `may_write` as well before one that changes something.
    """

    def __init__(
        self,
        base_url: str,
        sign_in: SignIn,
        adapter: BaseAdapter | None = None,
        timeouts: Timeouts | None = None,
        turnstile: Turnstile | None = None,
        largest_answer: int = LARGEST_ANSWER,
        may_send: Callable[[], bool] = lambda: True,
        may_write: Callable[[], bool] = lambda: True,
    ):
        self.base_url = base_url.rstrip("/")
        self._sign_in = sign_in
        self._adapter = adapter or BoundedAdapter(pool_maxsize=8)
        self._timeouts = timeouts or Timeouts()
        self._turnstile = turnstile or Open()
        self._largest_answer = largest_answer
        self._may_send = may_send
        self._may_write = may_write
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, no .netrc: credentials go to Zendesk alone
        self._session.headers["User-Agent"] = "Giga Tools"
        self._session.mount("http://", self._adapter)
        self._session.mount("https://", self._adapter)

    def __repr__(self) -> str:
        return f"<Transport {self.base_url}>"

    def call(
        self,
        method: str,
        path: str,
        params: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Zendesk's answer, which is always a JSON object. Raises a `ZendeskError`, and nothing else."""
        url = f"{self.base_url}/api/v2/{path}.json"
        request = requests.Request(method, url, params=params, json=body)
        try:
            answer = self._answer(request, endpoint_of(method, path))
            if answer.status >= 300:
                raise from_answer(*answer)
            return decoded(answer.content)
        except ZendeskError as error:
            # What it stands for may hold the request, and the request the credentials.
            error.__cause__ = error.__context__ = None
            raise

    def _answer(self, request: requests.Request, endpoint: Endpoint) -> Answer:
        signed, answer = self._attempt(request, endpoint)
        if answer.status == 401 and self._sign_in.refused(signed):
            _, answer = self._attempt(request, endpoint)
        return answer

    def _attempt(
        self, request: requests.Request, endpoint: Endpoint
    ) -> tuple[requests.PreparedRequest, Answer]:
        """Sign and send, within the rate budget, which learns from the answer."""
        signed = self._signed(request)  # first: to renew a token can take seconds
        permit = self._turnstile.enter(endpoint)
        try:
            if not self._may_send():
                raise NotSent(_TOO_LATE)
            if request.method != "GET" and not self._may_write():
                raise WritingStopped(_STOPPED)
            answer = self._send(signed)
        except NotSent:
            self._turnstile.not_sent(permit)
            raise
        except BaseException:
            _count(endpoint, "lost")
            self._turnstile.answered(permit, {}, None)  # it may have arrived
            raise
        _count(endpoint, str(answer.status))
        refusal = from_answer(*answer) if answer.status >= 300 else None
        self._turnstile.answered(permit, answer.headers, refusal)
        return signed, answer

    def leave(self) -> None:
        """No call follows, as far as anybody knows."""
        self._turnstile.leave()

    def _signed(self, request: requests.Request) -> requests.PreparedRequest:
        try:
            prepared = self._session.prepare_request(request)
        except (requests.RequestException, ValueError) as error:
            raise NotSent(f"The call could not be put together ({type(error).__name__})") from None
        try:
            self._sign_in.sign(self._session, self.base_url, prepared)
        except (requests.RequestException, ValueError):
            raise NotSent(_UNFIT_CREDENTIALS) from None
        credentials = prepared.headers.get("Authorization", "")
        if not (credentials.isascii() and credentials.isprintable()):
            raise NotSent(_UNFIT_CREDENTIALS)
        return prepared

    def _send(self, request: requests.PreparedRequest) -> Answer:
        """Every call to the API goes through here.

        The session would follow redirects half-way, and read their bodies; the adapter does not.
        """
        try:
            response = self._adapter.send(request, stream=True, timeout=self._timeouts)
            return Answer.of(response, self._largest_answer)
        except BROKEN as error:
            fail(error)


# Answers of their own kind: one asks us to wait, the other says that Zendesk is in trouble.
_TOLD_APART = {"429", "503", "lost"}


def _count(endpoint: Endpoint, status: str) -> None:
    """By the kind of endpoint: some limits hold for each view by itself."""
    kind = endpoint.name.partition(":")[0]
    metrics.CALLS.labels(kind, status if status in _TOLD_APART else f"{status[0]}xx").inc()
