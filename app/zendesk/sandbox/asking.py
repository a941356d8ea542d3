"""One request as the sandbox reads it."""

import json
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from .answers import bad_request, forbidden, not_json, refusal, too_many_values
from .people import Person


class Request:
    """Its body is read at once, so that no lock is held while a slow client sends it."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self._environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ.get("PATH_INFO", "").removesuffix(".json")
        self.body = _body(environ)
        self.person: Person | None = None

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self._environ.get("QUERY_STRING", ""), keep_blank_values=True))

    @property
    def authorization(self) -> str:
        return self._environ.get("HTTP_AUTHORIZATION", "")

    @property
    def user_agent(self) -> str:
        return self._environ.get("HTTP_USER_AGENT", "")[:200]

    @cached_property
    def base_url(self) -> str:
        """Scheme and host as the client wrote them, so that it can follow our links."""
        host = self._environ.get("HTTP_HOST") or self._environ.get("SERVER_NAME", "localhost")
        return f"{self._environ.get('wsgi.url_scheme', 'http')}://{host}"

    @property
    def url(self) -> str:
        return f"{self.base_url}{self._environ.get('PATH_INFO', '')}"

    def header(self, name: str) -> str:
        return self._environ.get(f"HTTP_{name.upper().replace('-', '_')}", "")

    @property
    def is_local(self) -> bool:
        """True for a caller on this machine, or in this process."""
        caller = self._environ.get("REMOTE_ADDR") or "127.0.0.1"
        return caller.startswith("127.") or caller in ("::1", "localhost")

    @property
    def is_of_another_site(self) -> bool:
        """True where a browser sends it for a page that did not come from us."""
        origin = self.header("Origin")
        return bool(origin) and origin.partition("://")[2] != self.header("Host")

    @property
    def is_json(self) -> bool:
        kind = self._environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        return kind == "application/json"

    @property
    def user_id(self) -> int:
        if self.person is None:
            raise LookupError("Nobody is signed in.")
        return self.person.id

    def must_be_admin(self) -> None:
        """Refused for everybody else."""
        if self.person is None or self.person.role != "admin":
            raise forbidden(
                "You do not have access to this page."
                " Please contact the account owner of this help desk for further help."
            )

    @property
    def asks_for_a_cursor(self) -> bool:
        return any(name.startswith("page[") for name in self.query)

    def json(self) -> dict[str, Any]:
        """The body, which must be a JSON object, and be said to be JSON.

        What tests ask of the sandbox itself is taken as it comes.
        """
        if self.body and not self._is_json and not self.path.startswith("/_sandbox/"):
            raise not_json()
        return self._parsed()

    @property
    def _is_json(self) -> bool:
        kind, _, _ = self._environ.get("CONTENT_TYPE", "").partition(";")
        return kind.strip().lower() == "application/json"

    def _parsed(self) -> dict[str, Any]:
        try:
            content = json.loads(self.body or b"{}")
        except ValueError:
            raise refusal(400, "Unparseable", "The request body is not valid JSON") from None
        if not isinstance(content, dict):
            raise bad_request("The request body must be a JSON object")
        return content

    def form(self) -> dict[str, Any]:
        """The body, as JSON or as an HTML form."""
        if "json" in self._environ.get("CONTENT_TYPE", "") or self.body.lstrip()[:1] == b"{":
            return self._parsed()
        return dict(parse_qsl(self.body.decode(errors="replace")))

    def names(self, most: int) -> list[str]:
        """What `ids=` names. Refused beyond `most` values."""
        names = [name for name in self.query.get("ids", "").split(",") if name.strip()]
        if len(names) > most:
            raise too_many_values(most)
        return [name.strip() for name in names]

    def ids(self, most: int) -> list[int]:
        """The ids that `ids=` names; what is not a number names no record."""
        return [int(name) for name in self.names(most) if is_id(name)]


def _body(environ: dict[str, Any]) -> bytes:
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        return environ["wsgi.input"].read()
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def is_id(text: str) -> bool:
    """True for what may be a record's number: digits, not more than 64 bits hold."""
    return text.isascii() and text.isdigit() and len(text) <= 18
