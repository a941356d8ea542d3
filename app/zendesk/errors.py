"""What can go wrong with a call to Zendesk.

ZendeskError
  NotSent             no connection could be made: Zendesk never saw the call
  NotNow              our own rate budget has no room for it: nothing was sent
  AnswerLost          it was sent, and no answer came: it may or may not have been done
  Answered            Zendesk answered, and the answer is no
    SignInRefused     401, or an anonymous user: the credentials are wrong, expired or revoked
    Forbidden         403
    NotFound          404
    WrongAddress      a redirect, or a 404 that is not the API's: no such account is there
    Invalid           400, 422 and other refusals that trying again cannot help
    Conflict          409
    RateLimited       429: not now, but after `retry_after` seconds
      TooManyJobs     429: as many Zendesk jobs as the account may have are queued or running
    Unavailable       5xx: Zendesk is in trouble; what was asked may have been done
  Unreadable          an answer that is not what the API promises
"""

import math
from collections.abc import Mapping
from typing import Any

import requests

# Where a 429 or 503 names no time; what Zendesk's own Ruby client waits.
DEFAULT_RETRY_AFTER = 10.0
SHORTEST_RETRY_AFTER = 0.5  # where it says “0”, it rounds down
LONGEST_RETRY_AFTER = 600.0  # of Zendesk's published limits none has a longer window


class ZendeskError(Exception):
    """Its text is one sentence for a person, without secrets and without ticket text."""

    can_retry = False  # may the same call succeed later, with nobody doing anything?
    may_be_done = False  # may Zendesk have done what was asked?


class NotSent(ZendeskError):
    can_retry = True


class NotNow(ZendeskError):
    """Not sent, to keep within Zendesk's limits. `why` is a code; after `seconds` there may be room."""

    can_retry = True

    def __init__(self, why: str, seconds: float):
        super().__init__(f"Zendesk's limits leave no room for this call for about {seconds:.0f} s")
        self.why = why
        self.seconds = seconds


class AnswerLost(ZendeskError):
    can_retry = True
    may_be_done = True


class Unreadable(ZendeskError):
    can_retry = True
    may_be_done = True


class Answered(ZendeskError):
    """Zendesk said no: with which status, in which words, and under which request id."""

    def __init__(self, status: int, words: str, request_id: str = "", retry_after: float = 0.0):
        super().__init__(
            f"Zendesk answered {status}: {words}" if words else f"Zendesk answered {status}"
        )
        self.status = status
        self.words = words
        self.request_id = request_id
        self.retry_after = retry_after


class SignInRefused(Answered):
    pass


class Forbidden(Answered):
    pass


class NotFound(Answered):
    pass


class WrongAddress(Answered):
    pass


class Invalid(Answered):
    pass


class Conflict(Answered):
    can_retry = True


class RateLimited(Answered):
    can_retry = True


class TooManyJobs(RateLimited):
    pass


class Unavailable(Answered):
    can_retry = True
    may_be_done = True


_BY_STATUS = {401: SignInRefused, 403: Forbidden, 404: NotFound, 409: Conflict}


def from_response(response: requests.Response) -> Answered:
    """The error that an answer of 300 or above stands for."""
    name, words = _words(response)
    return _kind(response.status_code, name)(
        response.status_code,
        words,
        response.headers.get("X-Request-Id", ""),
        _retry_after(response.headers),
    )


def _kind(status: int, name: str) -> type[Answered]:
    if status == 429:
        return TooManyJobs if name == "TooManyJobs" else RateLimited
    if status >= 500:
        return Unavailable
    if status < 400 or (status == 404 and not name):
        return WrongAddress
    return _BY_STATUS.get(status, Invalid)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds to wait, within reason: the minute limit, which is the longest, ends within a minute."""
    try:
        seconds = float(headers.get("Retry-After", DEFAULT_RETRY_AFTER))
    except ValueError:
        return DEFAULT_RETRY_AFTER
    if not math.isfinite(seconds):
        return DEFAULT_RETRY_AFTER
    return min(max(seconds, SHORTEST_RETRY_AFTER), LONGEST_RETRY_AFTER)


def _words(response: requests.Response) -> tuple[str, str]:
    """The error's name and its description, from any of the four shapes that Zendesk uses."""
    try:
        body: Any = response.json()
    except requests.JSONDecodeError:
        return "", _plain(response)
    if not isinstance(body, dict):
        return "", ""
    error = body.get("error")
    if isinstance(error, dict):
        return str(error.get("title", "")), str(error.get("message", ""))
    if (
        isinstance(body.get("errors"), list)
        and body["errors"]
        and isinstance(body["errors"][0], dict)
    ):
        first = body["errors"][0]
        return str(first.get("code", "")), str(first.get("detail") or first.get("title", ""))
    return str(error or ""), str(body.get("description") or error or "")


def _plain(response: requests.Response) -> str:
    """A body that is no JSON: its text where it is plain, nothing where it is a page of HTML."""
    is_plain = response.headers.get("Content-Type", "").startswith("text/plain")
    return response.text[:200] if is_plain else ""
