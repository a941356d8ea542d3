"""Refusals in the shapes in which Zendesk was recorded to give them."""

import pytest

from app.zendesk import errors
from tests.zendesk import recorded as r

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
    client = zendesk.answers(body, status=status, headers=r.HEADERS_OF_2024)

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
