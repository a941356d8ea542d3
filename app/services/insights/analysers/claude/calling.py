"""One call to Claude, and what each of its failures means. Nothing here waits or tries again: `round` does."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import anthropic
import httpx2

from app.services.insights.analysers.analyser import Trouble
from app.services.insights.analysers.claude.prompt import INSTRUCTIONS, SCHEMA, Question

# These write what is sent into the log where somebody asks for details: the texts of tickets, and more.
for _talkative in ("anthropic", "httpx2", "httpcore2"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)

LONGEST_RETRY_AFTER = 600.0  # seconds; who asks for more is asked again then
_OVERLOADED = 529
_FINAL = {
    401: "It refuses the key: set ANTHROPIC_API_KEY to one that is valid.",
    402: "The account there has no credit left.",
    403: "The key may not use this model, or not from here.",
    404: "It does not know the model: set CLAUDE_MODEL to one that it has.",
}


@dataclass(frozen=True, repr=False)
class Reply:
    text: str
    stop_reason: str
    input_tokens: int
    output_tokens: int


class TryLater(Exception):
    """`seconds` is what the service asks for, if it does. `is_for_all`: the next call would meet the same."""

    def __init__(
        self, trouble: Trouble, seconds: float | None, *, is_for_all: bool, may_cost: bool
    ) -> None:
        super().__init__(str(trouble))
        self.trouble, self.seconds = trouble, seconds
        self.is_for_all, self.may_cost = is_for_all, may_cost


class NotTaken(Exception):
    """The service refuses this call, which is perhaps too large, or has something that it does not take."""


class MustStop(Exception):
    """No call will be answered until somebody does something. Its message says what, for people."""


@dataclass(frozen=True, repr=False)
class Caller:
    """Safe to use from several threads."""

    client: anthropic.Anthropic
    model: str

    def ask(self, question: Question) -> Reply:
        """Raises TryLater, NotTaken and MustStop."""
        try:
            message = self.client.messages.create(
                model=self.model,
                max_tokens=question.output_tokens,
                system=INSTRUCTIONS,
                messages=[{"role": "user", "content": question.message}],
                output_config={"format": {"type": "json_schema", "schema": SCHEMA}},
            )
        except anthropic.APIStatusError as error:
            raise _meaning(error) from None
        except anthropic.APIConnectionError as error:
            raise _unreachable(error) from None
        except anthropic.AnthropicError:
            raise _odd() from None
        return _reply(message)


@lru_cache(maxsize=2)
def caller(key: str, base_url: str, model: str, seconds: float) -> Caller:
    """One for each setting, so that connections are used again. The library is kept from trying again by itself."""
    timeout = httpx2.Timeout(seconds, connect=min(10.0, seconds))
    client = anthropic.Anthropic(api_key=key, base_url=base_url, timeout=timeout, max_retries=0)
    return Caller(client, model)


def _reply(message: Any) -> Reply:
    """A proxy may answer 200 with anything."""
    try:
        text = "".join(block.text for block in message.content if block.type == "text")
        usage = message.usage
        sent = usage.input_tokens + (usage.cache_creation_input_tokens or 0)
        sent += usage.cache_read_input_tokens or 0
        return Reply(text, str(message.stop_reason), int(sent), int(usage.output_tokens))
    except (AttributeError, TypeError, ValueError):
        raise _odd() from None


def _meaning(error: anthropic.APIStatusError) -> Exception:
    status = error.status_code
    if status in _FINAL:
        return MustStop(f"Claude answers {status}. {_FINAL[status]} What was analysed is kept.")
    if status in (429, 503, _OVERLOADED):
        wait = _retry_after(error.response)
        return TryLater(Trouble.BUSY, wait, is_for_all=True, may_cost=False)
    if status >= 500 or status in (408, 409):
        wait = _retry_after(error.response)
        return TryLater(Trouble.BUSY, wait, is_for_all=False, may_cost=False)
    return NotTaken()


def _unreachable(error: anthropic.APIConnectionError) -> TryLater:
    """What was asked and not answered in time may be charged all the same."""
    asked = isinstance(error, anthropic.APITimeoutError)
    return TryLater(Trouble.UNREACHABLE, None, is_for_all=False, may_cost=asked)


def _odd() -> TryLater:
    return TryLater(Trouble.UNREACHABLE, None, is_for_all=False, may_cost=True)


def _retry_after(response: httpx2.Response) -> float | None:
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER) if seconds == seconds else None
