"""Answers in the shapes in which Zendesk was recorded to give them, over real HTTP."""

import re
from itertools import islice

import pytest

from app.zendesk import errors
from app.zendesk.client import Client
from app.zendesk.errors import Unreadable
from app.zendesk.resources import FieldOption, Page, Restriction
from app.zendesk.sign_in import ApiToken
from tests.zendesk import asking
from tests.zendesk import recorded as r

HEADERS_OF_2023 = {
    "x-rate-limit": "700",
    "x-rate-limit-remaining": "698",
    "rate-limit": "700",
    "rate-limit-remaining": "698",
    "rate-limit-reset": "58",
    "zendesk-rate-limit-tickets-update": "total=20; remaining=19; resets=50",
    "x-request-id": "req-1",
}
HEADERS_OF_2024 = {
    "X-Rate-Limit": "700",
    "X-Rate-Limit-Remaining": "698",
    "RateLimit-Limit": "700",
    "RateLimit-Remaining": "698",
    "RateLimit-Reset": "58",
    "Zendesk-RateLimit-Tickets-Update": "total=20; remaining=19; resets=50",
    "X-Zendesk-Request-Id": "req-1",
    "x-zendesk-api-warn": "Removed restricted keys [:nonsense] from parameters",
}


class Recording:
    """A server that gives one answer after another, and the client that asks it."""

    def __init__(self, httpserver):
        self._httpserver = httpserver
        self.client = Client(httpserver.url_for(""), ApiToken("a@x.test", "t"))

    def answers(self, *bodies, status=200, headers=None):
        for body in bodies:
            self._httpserver.expect_ordered_request(re.compile("/api/v2/.*")).respond_with_json(
                body, status=status, headers=headers
            )
        return self.client

    def says(self, status, text, content_type="text/plain", headers=None):
        self._httpserver.expect_ordered_request(re.compile(".*")).respond_with_data(
            text, status=status, headers=headers, content_type=content_type
        )
        return self.client

    @property
    def asked(self):
        return [request for request, _ in self._httpserver.log]

    @property
    def cursors(self):
        return [request.args.get("page[after]") for request in self.asked]


@pytest.fixture
def zendesk(httpserver):
    return Recording(httpserver)


@pytest.mark.parametrize("headers", [HEADERS_OF_2023, HEADERS_OF_2024], ids=["2023", "2024"])
def test_a_ticket_is_read_with_what_we_use_of_it(zendesk, headers):
    ticket = zendesk.answers({"ticket": r.TICKET}, headers=headers).ticket(35)

    assert (ticket.id, ticket.status, ticket.type, ticket.priority) == (35, "open", "incident", "")
    assert ticket.tags == {"lamp", "späť"}
    assert ticket.custom_fields == {27642: "745", 27648: None}
    assert (ticket.updated_at, ticket.created_at) == (
        "2023-09-18T23:25:12Z",
        "2023-09-18T22:51:04Z",
    )
    assert (ticket.subject, ticket.description) == ("The lamp flickers", "It does so at night.")
    assert (ticket.group_id, ticket.assignee_id) == (810000000001, None)
    assert ticket.generated_timestamp is None


def test_a_ticket_with_only_an_id_is_a_ticket(zendesk):
    assert zendesk.answers({"ticket": {"id": 35}}).ticket(35).id == 35


def test_a_ticket_with_words_that_did_not_exist_yet_is_a_ticket(zendesk):
    new = r.TICKET | {"status": "dreaming", "type": "wish", "mood": {"colour": [1, 2]}}

    ticket = zendesk.answers({"ticket": new}).ticket(35)

    assert (ticket.status, ticket.type) == ("dreaming", "wish")


def test_a_count_that_zendesk_is_still_making_is_not_zero(zendesk):
    counted = r.COUNTING | {"value": 1182, "pretty": "1182", "fresh": True}
    client = zendesk.answers({"view_count": r.COUNTING}, {"view_count": counted})

    first, second = client.view_count(360), client.view_count(360)

    assert (first.value, first.fresh) == (None, False)
    assert (second.value, second.fresh) == (1182, True)


def test_a_list_ends_where_there_is_no_more_though_a_link_goes_on(zendesk):
    pages = (
        r.page("tags", [{"name": "a", "count": 2}], "p2"),
        r.page("tags", [{"name": "b", "count": 1}]),
    )

    tags = list(zendesk.answers(*pages).tags())

    assert [tag.name for tag in tags] == ["a", "b"]
    assert zendesk.cursors == [None, "p2"]


def test_an_empty_page_is_not_the_end(zendesk):
    pages = r.page("tags", [], "p2"), r.page("tags", [{"name": "b", "count": 1}])

    assert [tag.name for tag in zendesk.answers(*pages).tags()] == ["b"]


def test_a_list_goes_on_from_a_cursor_that_was_kept(zendesk):
    client = zendesk.answers(r.page("groups", [r.GROUP], "p3"), r.page("groups", []))

    pages = list(client.groups().pages("p2"))

    assert [(len(page.items), page.cursor) for page in pages] == [(1, "p3"), (0, None)]
    assert zendesk.cursors == ["p2", "p3"]


def test_a_cursor_that_stays_where_it_was_is_not_followed_for_ever(zendesk):
    same = r.page("macros", [r.MACRO], "p2")
    listed = iter(zendesk.answers(same, same, same).macros())

    assert next(listed).id == 25
    with pytest.raises(Unreadable, match="cursor stays"):
        list(islice(listed, 10))


@pytest.mark.parametrize(
    "body",
    [
        {"groups": [], "meta": {"has_more": True, "after_cursor": None}},
        {"groups": [], "meta": {"has_more": "perhaps"}},
        {"groups": [], "next_page": "https://x.zendesk.test/?page=2"},
        {"groups": None},
        {"groups": [7]},
        {},
    ],
)
def test_a_list_whose_end_is_not_known_is_not_taken_for_a_short_one(zendesk, body):
    with pytest.raises(Unreadable):
        list(zendesk.answers(body).groups())


def test_lists_that_are_paged_by_number_go_on_to_the_last(zendesk):
    client = zendesk.answers(r.numbered("views", [r.VIEW], 2), r.numbered("views", [r.VIEW]))

    views = list(client.active_views())

    assert len(views) == 2
    assert [request.args["page"] for request in zendesk.asked] == ["1", "2"]


@pytest.mark.parametrize("link", ["https://x.zendesk.test/views", "http://[", "?page=two", 2])
def test_a_next_page_without_a_number_is_not_taken_for_the_end(zendesk, link):
    with pytest.raises(Unreadable):
        list(zendesk.answers(r.numbered("views", [r.VIEW]) | {"next_page": link}).active_views())


def test_jobs_are_read_in_each_state(zendesk):
    listed = [r.QUEUED, r.COMPLETED | {"id": "b"}, r.FAILED_CREATION | {"id": "c"}]
    listed.append(r.DELETED_FOR_GOOD | {"id": "d"})

    jobs = zendesk.answers({"job_statuses": listed}).job_statuses("abcd")
    queued, completed, failed, deleted = jobs.values()

    assert (queued.is_over, queued.total, queued.progress, queued.results) == (False, 2, None, {})
    assert (completed.is_over, completed.message[:9]) == (True, "Completed")
    assert completed.results[35].success
    assert not completed.results[36].success
    assert completed.results[36].details == "Status: closed prevents ticket update"
    assert (failed.is_over, failed.results) == (True, {})
    assert (deleted.is_over, deleted.results) == (True, {})


def test_a_job_is_asked_for_by_its_id_alone(zendesk):
    zendesk.answers({"job_status": r.QUEUED}).job_status("V3-1/../../users?x=")

    assert (
        zendesk.asked[0]
        .environ["REQUEST_URI"]
        .endswith("/job_statuses/V3-1%2F..%2F..%2Fusers%3Fx%3D.json")
    )


def test_a_macro_keeps_its_actions_in_order_and_as_they_are(zendesk):
    macro = zendesk.answers({"macro": r.MACRO}).macro(25)

    assert macro.actions[:2] == (("status", "pending"), ("current_tags", "lamp bulb"))
    assert dict(macro.actions)["comment_value"] == [
        "channel:all",
        "Which bulb is it, {{ticket.id}}?",
    ]
    assert dict(macro.actions)["comment_mode_is_public"] is True
    assert macro.restriction == Restriction("Group", (810000000001, 810000000002))
    assert macro.usage == {"7d": 12}


@pytest.mark.parametrize("nobody", [None, {}])
def test_a_macro_for_everybody_has_no_restriction(zendesk, nobody):
    assert (
        zendesk.answers({"macro": r.MACRO | {"restriction": nobody}}).macro(25).restriction is None
    )


def test_what_a_macro_changes_is_parted_from_what_it_says(zendesk):
    result = zendesk.answers(r.MACRO_RESULT).apply_macro(25)

    assert result.ticket == {"assignee_id": 900000000002, "group_id": 810000000001}
    assert result.custom_fields == {27642: "745"}
    assert (result.comment.body, result.comment.public) == ("Which bulb is it?", False)
    assert result.comment.scoped == (("channel:all", "Which bulb is it?"),)


def test_the_full_ticket_that_a_macro_would_make_is_read(zendesk):
    result = zendesk.answers(r.FULL_MACRO_RESULT).apply_macro_to(35, 25)

    assert (result.ticket["status"], result.ticket["id"]) == ("pending", 35)
    assert result.custom_fields == {27642: "745", 27648: None}
    assert result.comment.public is True


def test_an_audit_tells_our_token_and_what_changed(zendesk):
    (audit,) = zendesk.answers(r.page("audits", [r.AUDIT])).audits(35, newest_first=True)
    change, comment, other = audit.events

    assert zendesk.asked[0].args["sort"] == "-created_at"
    assert audit.custom == {"console_job": "b0b1"}
    assert (change.previous_value, change.value) == (["lamp"], ["lamp", "vip"])
    assert (comment.body, comment.public) == ("We look into it.", False)
    assert (other.type, other.public) == ("Notification", None)


def test_a_search_says_how_many_match_and_leaves_out_what_is_no_ticket(zendesk):
    found = zendesk.answers(r.SEARCH).search("lamp")

    assert [ticket.id for ticket in found.items] == [35]
    assert (found.count, found.cursor, found.is_capped) == (48120, "2", True)
    assert zendesk.asked[0].args["query"] == "type:ticket lamp"


def test_a_search_ends_at_its_cap_though_a_link_goes_on(zendesk):
    last = r.SEARCH | r.numbered("search", [], 11)

    assert zendesk.answers(last).search("lamp", page=10).cursor is None


def test_an_export_goes_on_by_its_cursor_without_the_start(zendesk):
    client = zendesk.answers(
        r.INCREMENTAL, r.INCREMENTAL | {"after_cursor": "c2", "end_of_stream": True}
    )

    first = client.incremental_tickets(1695052663)
    second = client.incremental_tickets(cursor=first.cursor)

    assert (first.end_of_stream, second.end_of_stream, second.cursor) == (False, True, "c2")
    assert (first.items[0].status, first.items[0].generated_timestamp) == ("deleted", 1695079512)
    assert [dict(request.args) for request in zendesk.asked] == [
        {"start_time": "1695052663"},
        {"cursor": first.cursor},
    ]


def test_an_export_that_does_not_go_on_is_not_followed(zendesk):
    client = zendesk.answers(r.INCREMENTAL | {"after_cursor": "same"})

    with pytest.raises(Unreadable, match="cursor stays"):
        client.incremental_tickets(cursor="same")


def test_the_end_of_an_export_may_have_the_cursor_that_was_sent(zendesk):
    client = zendesk.answers(r.INCREMENTAL | {"after_cursor": "same", "end_of_stream": True})

    assert client.incremental_tickets(cursor="same").end_of_stream


def test_an_anonymous_user_is_no_sign_in(zendesk):
    with pytest.raises(errors.SignInRefused):
        zendesk.answers({"user": r.ANONYMOUS}).me()


def test_the_token_in_use_is_described_without_itself(zendesk):
    token = zendesk.answers({"token": r.TOKEN}).token_in_use()

    assert (token.scopes, token.user_id) == (("read", "write"), 900000000002)
    assert "af3345kdj3" not in repr(token)


def test_fields_and_settings_are_read(zendesk):
    client = zendesk.answers(r.page("ticket_fields", [r.FIELD]), {"settings": r.SETTINGS})

    (field,) = client.ticket_fields()
    settings = client.account_settings()

    assert (field.type, field.required, field.options) == (
        "tagger",
        True,
        (FieldOption("Bright::745", "745"),),
    )
    assert settings.comments_are_public
    assert settings.is_sandbox


@pytest.mark.parametrize("asked", asking.ALL, ids=str)
def test_each_thing_that_we_ask_is_read(zendesk, asked):
    found = asked.of(zendesk.answers(asked.answer))

    assert found or isinstance(found, Page)


TOO_MANY = "Too many UserBulkUpdateJobV2 jobs are currently queued or running. Try again later."
REFUSALS = [
    (
        400,
        {
            "error": "TooManyValues",
            "description": "Parameter  cannot specify more than 100 values",
            "max_count": 100,
        },
        errors.Invalid,
        "TooManyValues",
    ),
    (
        400,
        {
            "errors": [
                {"code": "InvalidPaginationDepth", "title": "Too deep", "detail": "No further"}
            ]
        },
        errors.Invalid,
        "InvalidPaginationDepth",
    ),
    (
        400,
        {"error": "StartTimeTooRecent", "description": "Too recent"},
        errors.Invalid,
        "StartTimeTooRecent",
    ),
    (
        400,
        {
            "error": "IdempotentRequestError",
            "description": "Request parameters don't match the given idempotency key",
        },
        errors.Invalid,
        "IdempotentRequestError",
    ),
    (
        401,
        {"error": "Couldn't authenticate you"},
        errors.SignInRefused,
        "Couldn't authenticate you",
    ),
    (
        401,
        {"error": "invalid_token", "error_description": "The access token provided is expired"},
        errors.SignInRefused,
        "invalid_token",
    ),
    (
        403,
        {"error": {"title": "Forbidden", "message": "You do not have access to this page."}},
        errors.Forbidden,
        "Forbidden",
    ),
    (
        403,
        {"error": "Forbidden", "description": "Missing the following required scopes: read"},
        errors.Forbidden,
        "Forbidden",
    ),
    (403, {"error": "AccountSuspended"}, errors.Forbidden, "AccountSuspended"),
    (
        404,
        {"error": "RecordNotFound", "description": "Not found"},
        errors.NotFound,
        "RecordNotFound",
    ),
    (
        404,
        {"error": "InvalidEndpoint", "description": "Not found"},
        errors.NotFound,
        "InvalidEndpoint",
    ),
    (
        409,
        {"error": "UpdateConflict", "description": "Outdated"},
        errors.Outdated,
        "UpdateConflict",
    ),
    (
        409,
        {"error": "DatabaseConflict", "description": "Collision"},
        errors.Conflict,
        "DatabaseConflict",
    ),
    (
        422,
        {
            "error": "RecordInvalid",
            "description": "Record validation errors",
            "details": {"status": [{"description": "Status: closed prevents ticket update"}]},
        },
        errors.Invalid,
        "RecordInvalid",
    ),
    (
        429,
        {
            "error": "APIRateLimitExceeded",
            "description": "Number of allowed incremental export API requests per minute exceeded",
        },
        errors.RateLimited,
        "APIRateLimitExceeded",
    ),
    (
        429,
        {"errors": [{"code": "TooManyRequests", "title": "Too many requests to update"}]},
        errors.RateLimited,
        "TooManyRequests",
    ),
    (
        429,
        {
            "errors": [
                {"code": "RateLimitExceeded", "status": "429", "title": "Maximum 10 a minute."}
            ]
        },
        errors.RateLimited,
        "RateLimitExceeded",
    ),
    (
        429,
        {"error": "TooManyJobs", "description": TOO_MANY, "current_job_ids": ["a"]},
        errors.TooManyJobs,
        "TooManyJobs",
    ),
]


@pytest.mark.parametrize(
    ("status", "body", "kind", "name"), REFUSALS, ids=[row[3] for row in REFUSALS]
)
def test_each_refusal_is_known_by_kind_and_name(zendesk, status, body, kind, name):
    client = zendesk.answers(body, status=status, headers=HEADERS_OF_2024)

    with pytest.raises(kind) as refusal:
        client.ticket(35)

    error = refusal.value
    assert (type(error), error.status, error.name) == (kind, status, name)
    assert error.words
    assert error.request_id == "req-1"


def test_a_limit_in_plain_text_is_a_limit(zendesk):
    words = "Number of allowed API requests per minute exceeded"
    client = zendesk.says(429, words, headers={"Retry-After": "17"})

    with pytest.raises(errors.RateLimited, match=words) as limit:
        client.ticket(35)

    assert limit.value.retry_after == 17


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (500, "<!DOCTYPE html><title>Oh dear</title>", errors.Unavailable),
        (503, "", errors.Unavailable),
        (404, "<html>No help desk here</html>", errors.WrongAddress),
        (302, "", errors.WrongAddress),
    ],
)
def test_a_page_of_html_shows_none_of_it(zendesk, status, text, kind):
    with pytest.raises(kind) as refusal:
        zendesk.says(status, text, content_type="text/html").ticket(35)

    assert str(refusal.value) == f"Zendesk answered {status}"
