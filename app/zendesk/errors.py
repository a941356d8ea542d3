"""What can go wrong with a call to Zendesk.

ZendeskError
  NotSent             no connection could be made: Zendesk never saw the call
    WritingStopped    it would have changed something, and for now nothing may
  NotNow              our own rate budget has no room for it: nothing was sent
  AnswerLost          it was sent, and no answer came: it may or may not have been done
  SignInNeeded        there is nothing to sign in with until an admin acts: Zendesk never saw the call
  Answered            Zendesk answered, and the answer is no
    SignInRefused     401, or an anonymous user: the credentials are wrong, expired or revoked
      GrantRefused    a code or a refresh token is used up, expired or revoked
    Forbidden         403
    NotFound          404
    WrongAddress      a redirect, or a 404 that is not the API's: no such account is there
    Invalid           400, 422 and other refusals that trying again cannot help
    Conflict          409
      Outdated        409: the ticket was changed since the stamp that was sent; read it first
    RateLimited       429: not now, but after `retry_after` seconds
      TooManyJobs     429: as many Zendesk jobs as the account may have are queued or running
    Unavailable       5xx, or 423 for maintenance: what was asked may have been done
  Unreadable          an answer that is not what the API promises
    TokenUnreadable   of the token address: the call that wants to be signed has not left
"""

import math
import re
from collections.abc import Mapping

import requests

from app.zendesk import envelopes
from app.zendesk.envelopes import NO_DETAILS, Details
from app.zendesk.wording import clean

# Where a 429 or 503 names no time; what Zendesk's own Ruby client waits.
DEFAULT_RETRY_AFTER = 10.0
SHORTEST_RETRY_AFTER = 0.5  # where it says “0”, it rounds down
LONGEST_RETRY_AFTER = 600.0  # of Zendesk's published limits none has a longer window

_SCOPES = re.compile(r"required scopes?: *([\w:.-]+(?:[, ]+[\w:.-]+)*)")


class ZendeskError(Exception):
    """Its text is one sentence for a person, without secrets and without ticket text."""

    can_retry = False  # may the same call succeed later, with nobody doing anything?
    may_be_done = False  # may Zendesk have done what was asked?

    status: int = 0  # the answer's; 0 where there was none
    name: str = ""  # Zendesk's own name for what is wrong: “RecordInvalid”
    words: str = ""  # its description, at most 500 characters on one line
    details: Details = NO_DETAILS  # what is wrong with each field, where it says so
    request_id: str = ""  # to be quoted to Zendesk's support
    retry_after: float = 0.0  # seconds


class NotSent(ZendeskError):
    can_retry = True


class WritingStopped(NotSent):
    pass


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


class TokenUnreadable(Unreadable):
    may_be_done = False


class SignInNeeded(ZendeskError):
    pass


class Answered(ZendeskError):
    """Zendesk said no: with which status, in which words, and under which request id."""

    def __init__(
        self,
        status: int,
        words: str = "",
        request_id: str = "",
        retry_after: float = 0.0,
        *,
        name: str = "",
        details: Details = NO_DETAILS,
    ):
        super().__init__(
            f"Zendesk answered {status}: {words}" if words else f"Zendesk answered {status}"
        )
        self.status = status
        self.words = words
        self.request_id = request_id
        self.retry_after = retry_after
        self.name = name
        self.details = details


class SignInRefused(Answered):
    pass


class GrantRefused(SignInRefused):
    pass


class Forbidden(Answered):
    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """The scopes that the access token lacks, where Zendesk names them."""
        named = _SCOPES.search(self.words)
        return tuple(re.split(r"[, ]+", named[1].rstrip("."))) if named else ()


class NotFound(Answered):
    pass


class WrongAddress(Answered):
    pass


class Invalid(Answered):
    pass


class Conflict(Answered):
    can_retry = True


class Outdated(Conflict):
    can_retry = False


class RateLimited(Answered):
    can_retry = True


class TooManyJobs(RateLimited):
    pass


class Unavailable(Answered):
    can_retry = True
    may_be_done = True


_BY_STATUS = {
    401: SignInRefused,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    423: Unavailable,
    429: RateLimited,
}
_BY_NAME = {(409, "UpdateConflict"): Outdated, (429, "TooManyJobs"): TooManyJobs}


def from_response(response: requests.Response) -> Answered:
    """The error that an answer of 300 or above stands for."""
    return from_answer(response.status_code, response.headers, response.content)


def from_answer(status: int, headers: Mapping[str, str], content: bytes) -> Answered:
    """The error that a status of 300 or above stands for. `headers` do not mind upper or lower case."""
    refusal = envelopes.read(content, headers.get("Content-Type", ""))
    return _kind(status, refusal.name)(
        status,
        refusal.words,
        _request_id(headers),
        _retry_after(headers),
        name=refusal.name,
        details=refusal.details,
    )


def _kind(status: int, name: str) -> type[Answered]:
    if status >= 500:
        return Unavailable
    if status < 400 or (status == 404 and not name):
        return WrongAddress
    return _BY_NAME.get((status, name)) or _BY_STATUS.get(status, Invalid)


def _request_id(headers: Mapping[str, str]) -> str:
    return clean(headers.get("X-Request-Id") or headers.get("X-Zendesk-Request-Id"), envelopes.NAME)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds to wait, within reason: the minute limit, which is the longest, ends within a minute."""
    try:
        seconds = float(headers.get("Retry-After", DEFAULT_RETRY_AFTER))
    except ValueError:
        return DEFAULT_RETRY_AFTER
    if not math.isfinite(seconds):
        return DEFAULT_RETRY_AFTER
    return min(max(seconds, SHORTEST_RETRY_AFTER), LONGEST_RETRY_AFTER)
