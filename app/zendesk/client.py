"""The Zendesk client: one method for each thing we ask. How a call is made is `transport`'s business."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import quote

from requests.adapters import BaseAdapter

from app.zendesk.errors import SignInRefused, Unreadable
from app.zendesk.listing import Listing
from app.zendesk.resources import (
    PAGE,
    AccountSettings,
    Audit,
    Comment,
    CustomStatus,
    Group,
    IncrementalPage,
    Macro,
    MacroResult,
    Me,
    Named,
    Page,
    SearchPage,
    Tag,
    Ticket,
    TicketCount,
    TicketField,
    Token,
    User,
    View,
    ViewCount,
    ZendeskJob,
    read,
)
from app.zendesk.resources.reading import number, record, records, text, words
from app.zendesk.sign_in import SignIn
from app.zendesk.transport import Timeouts, Transport
from app.zendesk.turnstile import Turnstile

T = TypeVar("T")
Of = Callable[[dict[str, Any]], T]
Params = dict[str, str]

NEWEST_FIRST = {"sort": "-created_at"}


class Client:
    """Speaks to one Zendesk account, for one thread or, with `Turns` as its turnstile, for several.

    `adapter` is a seam for tests: it takes the place of the network. Every method raises a `ZendeskError`, and nothing
    else, when it does not get what it asked for.
    """

    def __init__(
        self,
        base_url: str,
        sign_in: SignIn,
        adapter: BaseAdapter | None = None,
        timeouts: Timeouts | None = None,
        turnstile: Turnstile | None = None,
        may_send: Callable[[], bool] = lambda: True,
        may_write: Callable[[], bool] = lambda: True,
    ):
        self._transport = Transport(
            base_url,
            sign_in,
            adapter,
            timeouts,
            turnstile,
            may_send=may_send,
            may_write=may_write,
        )

    def __repr__(self) -> str:
        return f"<Client {self.base_url}>"

    @property
    def base_url(self) -> str:
        return self._transport.base_url

    def leave(self) -> None:
        """Let the rate budget know that no call follows for now."""
        self._transport.leave()

    # Who we are, and where

    def me(self) -> Me:
        """Whom Zendesk takes us for. An anonymous answer counts as a refused sign-in."""
        user = self._get("users/me", lambda body: Me.of(record(body, "user")))
        if user.id is None:
            raise SignInRefused(200, "no credentials arrived, and it sees an anonymous caller")
        return user

    def token_in_use(self) -> Token:
        """The access token that signs our calls. NotFound where an API token signs them."""
        return self._get("oauth/tokens/current", lambda body: Token.of(record(body, "token")))

    def account_settings(self) -> AccountSettings:
        return self._get(
            "account/settings", lambda body: AccountSettings.of(record(body, "settings"))
        )

    def groups(self) -> Listing[Group]:
        return self._list("groups", "groups", Group.of)

    def users(self, user_ids: Iterable[int]) -> dict[int, User]:
        """At most 100 users by id. Those that do not exist are missing from the answer."""
        found = self._many("users/show_many", "users", User.of, user_ids)
        return {user.id: user for user in found}

    def organizations(self, organization_ids: Iterable[int]) -> dict[int, Named]:
        """At most 100 organisations by id. Those that do not exist are missing from the answer."""
        found = self._many("organizations/show_many", "organizations", Named.of, organization_ids)
        return {one.id: one for one in found}

    def ticket_fields(self) -> Listing[TicketField]:
        return self._list("ticket_fields", "ticket_fields", TicketField.of)

    def ticket_forms(self) -> Listing[Named]:
        """Forbidden or NotFound where the account's plan has no forms."""
        return self._list("ticket_forms", "ticket_forms", Named.of)

    def brands(self) -> Listing[Named]:
        """Forbidden where only admins may see them."""
        return self._list("brands", "brands", Named.of)

    def custom_statuses(self) -> list[CustomStatus]:
        """All statuses of the account at once, the usual ones among them. Zendesk does not page these."""
        return self._get(
            "custom_statuses",
            lambda body: [CustomStatus.of(one) for one in records(body, "custom_statuses")],
        )

    # Tickets

    def ticket(self, ticket_id: int) -> Ticket:
        return self._get(f"tickets/{ticket_id}", lambda body: Ticket.of(record(body, "ticket")))

    def tickets(self, ticket_ids: Iterable[int]) -> dict[int, Ticket]:
        """At most 100 tickets by id. Those that do not exist are missing from the answer."""
        found = self._many("tickets/show_many", "tickets", Ticket.of, ticket_ids)
        return {ticket.id: ticket for ticket in found}

    def ticket_count(self) -> TicketCount:
        return self._get("tickets/count", lambda body: TicketCount.of(record(body, "count")))

    def update(self, ticket_id: int, change: dict[str, Any]) -> Ticket:
        """Change one ticket now. With `safe_update` and `updated_stamp` in the change, Conflict if it moved since.

        Zendesk permits 100 such calls a minute and account, and 30 in ten minutes for a ticket.
        """
        answer = self._transport.call("PUT", f"tickets/{ticket_id}", body={"ticket": change})
        return read(answer, lambda body: Ticket.of(record(body, "ticket")))

    def update_same(self, ticket_ids: Iterable[int], change: dict[str, Any]) -> ZendeskJob:
        """Queue one change for at most 100 tickets: the only way to change tags of closed ones."""
        return self._update_many({"ids": _ids(ticket_ids)}, {"ticket": change})

    def update_each(self, changes: list[dict[str, Any]]) -> ZendeskJob:
        """Queue a change of its own for each of at most 100 tickets; each has its `id`."""
        return self._update_many({}, {"tickets": changes})

    def audits(self, ticket_id: int, *, newest_first: bool = False) -> Listing[Audit]:
        order = NEWEST_FIRST if newest_first else {}
        return self._list(f"tickets/{ticket_id}/audits", "audits", Audit.of, order)

    def comments(self, ticket_id: int, *, newest_first: bool = False) -> Listing[Comment]:
        order = NEWEST_FIRST if newest_first else {}
        return self._list(f"tickets/{ticket_id}/comments", "comments", Comment.of, order)

    # Tags

    def tags(self) -> Listing[Tag]:
        """The 20,000 tags that were used most in the last 60 days, those used most often first."""
        return self._list("tags", "tags", Tag.of)

    def tags_matching(self, start: str) -> tuple[str, ...]:
        """Up to 15 much used tags that start so, or have a part that does. Two characters at least."""
        return self._get("autocomplete/tags", lambda body: words(body, "tags"), {"name": start})

    # Zendesk's own jobs

    def job_status(self, zendesk_job_id: str) -> ZendeskJob:
        """One of Zendesk's jobs, which keeps its results one day. NotFound for a moment after it was queued."""
        path = f"job_statuses/{quote(zendesk_job_id, safe='')}"
        return self._get(path, lambda body: ZendeskJob.of(record(body, "job_status")))

    def job_statuses(self, ids: Iterable[str]) -> dict[str, ZendeskJob]:
        """At most 100 of Zendesk's jobs by id. One may be missing just after it was queued."""
        found = self._many("job_statuses/show_many", "job_statuses", ZendeskJob.of, ids)
        return {job.id: job for job in found}

    def job_status_list(self) -> Listing[ZendeskJob]:
        return self._list("job_statuses", "job_statuses", ZendeskJob.of)

    # Macros

    def active_macros(self) -> Listing[Macro]:
        """The active macros that may be used on tickets, without other agents' personal ones."""
        return self.macros(active=True, only_viewable=True)

    def macros(
        self, *, active: bool | None = None, only_viewable: bool = False, usage: str = ""
    ) -> Listing[Macro]:
        """All macros. An admin sees every agent's personal ones, but for `only_viewable`.

        `usage` is a span whose count of uses is asked for as well: “1h”, “24h”, “7d” or “30d”.
        """
        params = {"only_viewable": "true"} if only_viewable else {}
        params |= {} if active is None else {"active": _yes_or_no(active)}
        params |= {"include": f"usage_{usage}"} if usage else {}
        return self._list("macros", "macros", Macro.of, params)

    def search_macros(self, title: str, *, only_viewable: bool = True) -> Listing[Macro]:
        """Macros by words of their titles. Zendesk pages these by number only."""
        params = {"query": title, "only_viewable": _yes_or_no(only_viewable)}
        return self._numbered("macros/search", "macros", Macro.of, params)

    def macro(self, macro_id: int) -> Macro:
        return self._get(f"macros/{macro_id}", lambda body: Macro.of(record(body, "macro")))

    def macro_attachments(self, macro_id: int) -> list[str]:
        """The names of the files that belong to the macro, five at most. Applying it leaves them out."""
        return self._get(
            f"macros/{macro_id}/attachments",
            lambda body: [text(one, "filename") for one in records(body, "macro_attachments")],
        )

    def apply_macro(self, macro_id: int) -> MacroResult:
        """What the macro changes on any ticket; placeholders stay as they are. Nothing is saved."""
        return self._applied(f"macros/{macro_id}/apply")

    def apply_macro_to(self, ticket_id: int, macro_id: int) -> MacroResult:
        """The full ticket as it would be, with placeholders filled in. Nothing is saved."""
        return self._applied(f"tickets/{ticket_id}/macros/{macro_id}/apply")

    # Views

    def active_views(self) -> Listing[View]:
        """In Zendesk's order. It pages these by number only."""
        return self._numbered("views/active", "views", View.of, {})

    def compact_views(self) -> list[View]:
        """The first 32 views, as an agent's own list shows them."""
        return self._get(
            "views/compact", lambda body: [View.of(one) for one in records(body, "views")]
        )

    def view_counts(self, view_ids: Iterable[int]) -> dict[int, ViewCount]:
        """Counts of at most 20 views. Zendesk permits six such calls a minute."""
        counts = self._many("views/count_many", "view_counts", ViewCount.of, view_ids)
        return {count.view_id: count for count in counts}

    def view_count(self, view_id: int) -> ViewCount:
        """The count of one view. Zendesk permits five such calls a minute and view."""
        return self._get(
            f"views/{view_id}/count", lambda body: ViewCount.of(record(body, "view_count"))
        )

    def view_tickets(self, view_id: int, cursor: str | None = None) -> Page[Ticket]:
        """A page of a view's tickets.

        The cursor is an offset in disguise: tickets that leave the view shift the rest.
        """
        return self._list(f"views/{view_id}/tickets", "tickets", Ticket.of).page(cursor)

    # Search and export

    def search(self, query: str, page: int = 1) -> SearchPage[Ticket]:
        """A page of the tickets that match, counted from 1; Invalid beyond SEARCH_CAP.

        `search_export` gives all. What changed in the last minutes may not be found yet.
        """
        params = {"query": _of_tickets(query), "page": str(page), "per_page": str(PAGE)}
        return self._get("search", lambda body: SearchPage.of(body, Ticket.of), params)

    def search_count(self, query: str) -> int:
        """How many tickets match, also where they are more than a search gives."""
        return self._get(
            "search/count", lambda body: number(body, "count"), {"query": _of_tickets(query)}
        )

    def search_export(self, query: str, cursor: str | None = None) -> Page[Ticket]:
        """A page of all the tickets that match, oldest first. A cursor is good for one hour.

        The query must not say `type:`.
        """
        params = {"query": query, "filter[type]": "ticket"}
        return self._list("search/export", "results", Ticket.of, params).page(cursor)

    def incremental_tickets(
        self, start_time: int | None = None, cursor: str | None = None
    ) -> IncrementalPage:
        """A page, of 1,000 at most, of the tickets that changed since a time (seconds since the epoch) or a cursor.

        Only for admins. A start less than a minute ago is Invalid. A ticket may come twice, and
        deleted ones come with the status “deleted”.
        """
        params = {"cursor": cursor} if cursor else {"start_time": str(start_time or 0)}
        page = self._get("incremental/tickets/cursor", IncrementalPage.of, params)
        if page.cursor == cursor and not page.end_of_stream:
            raise Unreadable("Zendesk's export does not go on: its cursor stays where it was")
        return page

    # What the methods share

    def _get(self, path: str, of: Of[T], params: Params | None = None) -> T:
        return read(self._transport.call("GET", path, params), of)

    def _many(self, path: str, name: str, of: Of[T], ids: Iterable[Any]) -> list[T]:
        return self._get(
            path, lambda body: [of(one) for one in records(body, name)], {"ids": _ids(ids)}
        )

    def _list(self, path: str, name: str, of: Of[T], params: Params | None = None) -> Listing[T]:
        def fetch(cursor: str | None) -> Page[T]:
            place = {"page[size]": str(PAGE)} | ({"page[after]": cursor} if cursor else {})
            return self._get(
                path, lambda body: Page[T].by_cursor(body, name, of), (params or {}) | place
            )

        return Listing(fetch)

    def _numbered(self, path: str, name: str, of: Of[T], params: Params) -> Listing[T]:
        def fetch(cursor: str | None) -> Page[T]:
            place = {"per_page": str(PAGE), "page": cursor or "1"}
            return self._get(path, lambda body: Page[T].by_number(body, name, of), params | place)

        return Listing(fetch)

    def _applied(self, path: str) -> MacroResult:
        # As in Zendesk's own editor, whose newlines differ from those of a plain answer.
        params = {"normalize_comment": "true"}
        return self._get(path, lambda body: MacroResult.of(record(body, "result")), params)

    def _update_many(self, params: Params, body: dict[str, Any]) -> ZendeskJob:
        answer = self._transport.call("PUT", "tickets/update_many", params, body)
        return read(answer, lambda body: ZendeskJob.of(record(body, "job_status")))


def _ids(ids: Iterable[Any]) -> str:
    return ",".join(str(one) for one in ids)


def _yes_or_no(flag: bool) -> str:
    return "true" if flag else "false"


def _of_tickets(query: str) -> str:
    return f"type:ticket {query}"
