"""Listens to what passes between a client and Zendesk: headers, which the client's answers leave out."""

import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.adapters import BaseAdapter

from app.zendesk.answer import NO_CONNECTION
from app.zendesk.deadline import BoundedAdapter


class Overhearing(BaseAdapter):
    """Passes calls on to another adapter, and notes what came of the last one."""

    def __init__(self, adapter: BaseAdapter | None = None) -> None:
        super().__init__()
        self._adapter = adapter or BoundedAdapter()
        self.headers: Mapping[str, str] = {}
        self.path = ""
        self.was_given_token = False  # since we listen
        self.error: Exception | None = None
        self.clock_offset: float | None = None  # seconds that our clock is ahead of Zendesk's

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        self.path, self.headers, self.error = request.path_url.partition("?")[0], {}, None
        began = time.time()
        try:
            response = self._adapter.send(request, *args, **kwargs)
        except Exception as error:
            self.error = error
            raise
        self.headers = response.headers
        self.was_given_token |= self.asked_for_token and response.status_code < 300
        self._compare_clocks((began + time.time()) / 2)
        return response

    def close(self) -> None:
        self._adapter.close()

    @property
    def asked_for_token(self) -> bool:
        """Was the last call the one to the token address?"""
        return self.path.endswith("/oauth/tokens")

    @property
    def is_about_tls(self) -> bool:
        """Did the last call fail because no secure connection could be made?"""
        names = (type(cause).__name__ for cause in _causes(self.error))
        return any("SSL" in name or "Certificate" in name for name in names)

    @property
    def is_about_trust(self) -> bool:
        """Did it fail over the certificate? If not, what answered may not speak TLS at all."""
        return any("certificate" in f"{type(c).__name__} {c}".lower() for c in _causes(self.error))

    @property
    def got_through(self) -> bool:
        """Was there a connection, so that the last call failed for want of an answer?"""
        names = {type(cause).__name__ for cause in _causes(self.error)}
        return not names & NO_CONNECTION and not self.is_about_tls

    def number(self, header: str) -> int | None:
        text = self.headers.get(header, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def _compare_clocks(self, ours: float) -> None:
        """By the Date header, which has whole seconds."""
        try:
            self.clock_offset = ours - parsedate_to_datetime(self.headers["Date"]).timestamp()
        except (KeyError, TypeError, ValueError):
            return


def _causes(error: Any) -> Iterator[Any]:
    """The error and what it came from; requests and urllib3 wrap one in the other in several ways."""
    for _ in range(10):
        if not isinstance(error, BaseException):
            return
        yield error
        inner = error.args[0] if error.args else None
        wrapped = inner if isinstance(inner, BaseException) else None
        error = getattr(error, "reason", None) or wrapped or error.__cause__ or error.__context__
