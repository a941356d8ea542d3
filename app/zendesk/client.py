"""The Zendesk client: one method for each thing we ask. It never sleeps and never repeats a refused call."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

from app.zendesk.endpoints import endpoint_of
from app.zendesk.errors import (
    AnswerLost,
    NotSent,
    SignInRefused,
    Unreadable,
    ZendeskError,
    from_response,
)
from app.zendesk.rate_limit import Open, Turnstile
from app.zendesk.resources import Me, Page, Ticket, View, ViewCount, ZendeskJob
from app.zendesk.sign_in import TIMEOUTS, SignIn

T = TypeVar("T")

PAGE = 100  # the most that any list gives at once


class Client:
    """Speaks to one Zendesk account. `transport` is a seam for tests: a requests adapter in place of the network.

    Every method raises a `ZendeskError`, and nothing else, when it does not get what it asked for.
    """

    def __init__(
        self,
        base_url: str,
        sign_in: SignIn,
        transport: BaseAdapter | None = None,
        turnstile: Turnstile | None = None,
    ):
        self._turnstile = turnstile or Open()
        self.base_url = base_url.rstrip("/")
        self._sign_in = sign_in
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, no .netrc: credentials go to Zendesk alone
        self._session.headers["User-Agent"] = "Giga Tools"
        adapter = transport or HTTPAdapter(pool_maxsize=4)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def __repr__(self) -> str:
        return f"<Client {self.base_url}>"

    def me(self) -> Me:
        """Whom Zendesk takes us for. An anonymous answer counts as a refused sign-in."""
        user = self._get("users/me", lambda body: Me.of(body["user"]))
        if user.id is None:
            raise SignInRefused(200, "no credentials arrived, and it sees an anonymous caller")
        return user

    def active_views(self) -> Iterator[View]:
        return self._all("views/active", "views", View.of)

    def view_counts(self, view_ids: Iterable[int]) -> dict[int, ViewCount]:
        """Counts of at most 20 views. Zendesk permits six such calls a minute."""
        counts = self._get(
            "views/count_many",
            lambda body: [ViewCount.of(item) for item in body["view_counts"]],
            ids=_ids(view_ids),
        )
        return {count.view_id: count for count in counts}

    def view_count(self, view_id: int) -> ViewCount:
        """The count of one view. Zendesk permits five such calls a minute and view."""
        return self._get(f"views/{view_id}/count", lambda body: ViewCount.of(body["view_count"]))

    def view_tickets(self, view_id: int, cursor: str | None = None) -> Page[Ticket]:
        """A page of a view's tickets.

        The cursor is an offset in disguise: tickets that leave the view shift the rest.
        """
        return self._page(f"views/{view_id}/tickets", "tickets", Ticket.of, cursor)

    def tickets(self, ticket_ids: Iterable[int]) -> dict[int, Ticket]:
        """At most 100 tickets by id. Those that do not exist are missing from the answer."""
        found = self._get(
            "tickets/show_many",
            lambda body: [Ticket.of(item) for item in body["tickets"]],
            ids=_ids(ticket_ids),
        )
        return {ticket.id: ticket for ticket in found}

    def update_same(self, ticket_ids: Iterable[int], change: dict[str, Any]) -> ZendeskJob:
        """Queue one change for at most 100 tickets: the only way to change tags of closed ones."""
        return self._update_many({"ids": _ids(ticket_ids)}, {"ticket": change})

    def update_each(self, changes: list[dict[str, Any]]) -> ZendeskJob:
        """Queue a change of its own for each of at most 100 tickets; each has its `id`."""
        return self._update_many({}, {"tickets": changes})

    def job_statuses(self, ids: Iterable[str]) -> dict[str, ZendeskJob]:
        """At most 100 of Zendesk's jobs by id. One may be missing just after it was queued."""
        statuses = self._get(
            "job_statuses/show_many",
            lambda body: [ZendeskJob.of(item) for item in body["job_statuses"]],
            ids=_ids(ids),
        )
        return {status.id: status for status in statuses}

    def _update_many(self, params: dict[str, str], body: dict[str, Any]) -> ZendeskJob:
        answer = self._call("PUT", "tickets/update_many", params, body)
        return _read(answer, lambda body: ZendeskJob.of(body["job_status"]))

    def _get(self, path: str, read: Callable[[dict[str, Any]], T], **params: str) -> T:
        return _read(self._call("GET", path, params), read)

    def _page(
        self, path: str, name: str, of: Callable[[dict[str, Any]], T], cursor: str | None
    ) -> Page[T]:
        params = {"page[size]": str(PAGE)} | ({"page[after]": cursor} if cursor else {})
        body = self._call("GET", path, params)
        return _read(body, lambda body: Page([of(i) for i in body[name]], Page.meta_cursor(body)))

    def _all(self, path: str, name: str, of: Callable[[dict[str, Any]], T]) -> Iterator[T]:
        cursor = None
        while True:
            page = self._page(path, name, of, cursor)
            yield from page.items
            cursor = page.cursor
            if cursor is None:
                return

    def _call(
        self, method: str, path: str, params: dict[str, str], body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        url = f"{self.base_url}/api/v2/{path}.json"
        request = requests.Request(method, url, params=params, json=body)
        response = self._send(request)
        if response.status_code == 401 and self._sign_in.refused(response.request):
            response = self._send(request)
        if response.status_code >= 300:
            raise from_response(response)
        try:
            answer = response.json()
        except requests.JSONDecodeError:
            raise Unreadable(f"Zendesk's answer to {method} {path} is not JSON") from None
        if not isinstance(answer, dict):
            raise Unreadable(f"Zendesk's answer to {method} {path} has an unknown shape")
        return answer

    def _send(self, request: requests.Request) -> requests.Response:
        path = request.url.split("/api/v2/")[1].removesuffix(".json")
        permit = self._turnstile.enter(endpoint_of(request.method, path))
        try:
            response = self._deliver(self._signed(request))
        except AnswerLost:
            self._turnstile.answered(permit, {}, None)
            raise
        except ZendeskError:
            self._turnstile.not_sent(permit)
            raise
        refusal = from_response(response) if response.status_code >= 300 else None
        self._turnstile.answered(permit, response.headers, refusal)
        return response

    def _signed(self, request: requests.Request) -> requests.PreparedRequest:
        prepared = self._session.prepare_request(request)
        self._sign_in.sign(self._session, self.base_url, prepared)
        return prepared

    def _deliver(self, prepared: requests.PreparedRequest) -> requests.Response:
        try:
            # A redirect would carry the credentials elsewhere.
            return self._session.send(prepared, timeout=TIMEOUTS, allow_redirects=False)
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise NotSent(f"Zendesk could not be reached ({type(error).__name__})") from None
        except requests.ConnectionError as error:
            raise _connection_error(error) from None
        except requests.RequestException as error:
            raise AnswerLost(f"Zendesk gave no answer ({type(error).__name__})") from None


def _read(body: dict[str, Any], read: Callable[[dict[str, Any]], T]) -> T:
    try:
        return read(body)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(
            f"Zendesk's answer has an unknown shape ({type(error).__name__})"
        ) from None


def _connection_error(error: requests.ConnectionError) -> NotSent | AnswerLost:
    """requests has one name for a connection that never was and for one that broke off."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    if type(reason).__name__ in {
        "NewConnectionError",
        "ConnectTimeoutError",
        "NameResolutionError",
    }:
        return NotSent("Zendesk could not be reached: no connection could be made")
    return AnswerLost("The connection to Zendesk broke off before its answer came")


def _ids(ids: Iterable[Any]) -> str:
    return ",".join(str(one) for one in ids)
