"""Answers that say no, in all the shapes that Zendesk uses."""

import json

import pytest
import requests

from app.zendesk import errors

JSON = "application/json; charset=utf-8"


def answer(status, body, kind=JSON, **headers):
    response = requests.Response()
    response.status_code = status
    response._content = (body if isinstance(body, str) else json.dumps(body)).encode()  # noqa: SLF001
    response.headers.update({"Content-Type": kind} | headers)
    return response


@pytest.mark.parametrize(
    ("response", "kind", "words"),
    [
        (answer(401, {"error": "Couldn't authenticate you"}), errors.SignInRefused, "authenticate"),
        (
            answer(403, {"error": {"title": "Forbidden", "message": "You do not have access"}}),
            errors.Forbidden,
            "You do not have access",
        ),
        (
            answer(404, {"error": "RecordNotFound", "description": "Not found"}),
            errors.NotFound,
            "Not found",
        ),
        (
            answer(400, {"errors": [{"code": "InvalidPaginationDepth", "title": "Too deep"}]}),
            errors.Invalid,
            "Too deep",
        ),
        (
            answer(422, {"error": "RecordInvalid", "description": "Record validation errors"}),
            errors.Invalid,
            "Record validation errors",
        ),
        (
            answer(409, {"error": "UpdateConflict", "description": "outdated"}),
            errors.Conflict,
            "outdated",
        ),
        (
            answer(429, "Number of allowed API requests per minute exceeded", "text/plain"),
            errors.RateLimited,
            "Number of allowed",
        ),
        (
            answer(429, {"error": "TooManyJobs", "description": "Too many jobs"}),
            errors.TooManyJobs,
            "Too many jobs",
        ),
        (answer(500, "<html>oh dear</html>", "text/html"), errors.Unavailable, ""),
        (answer(503, "", "text/plain"), errors.Unavailable, ""),
        (answer(404, "<html>no such host</html>", "text/html"), errors.WrongAddress, ""),
        (answer(301, "", "text/html"), errors.WrongAddress, ""),
    ],
)
def test_each_shape_is_read(response, kind, words):
    error = errors.from_response(response)

    assert type(error) is kind
    assert words in error.words
    assert "<html>" not in str(error)


@pytest.mark.parametrize("body", ["[]", "null", '{"errors": []}', '{"error": null}', "{", "7"])
def test_a_strange_body_is_still_an_error_with_its_status(body):
    error = errors.from_response(answer(418, body))

    assert isinstance(error, errors.Invalid)
    assert "418" in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", errors.SHORTEST_RETRY_AFTER),
        ("-3", errors.SHORTEST_RETRY_AFTER),
        ("1e9", errors.LONGEST_RETRY_AFTER),
        ("inf", errors.DEFAULT_RETRY_AFTER),
        ("nan", errors.DEFAULT_RETRY_AFTER),
        (None, errors.DEFAULT_RETRY_AFTER),
        ("soon", errors.DEFAULT_RETRY_AFTER),
    ],
)
def test_how_long_to_wait_is_known_even_when_zendesk_does_not_say(header, seconds):
    headers = {"Retry-After": header} if header else {}

    error = errors.from_response(answer(429, "", "text/plain", **headers))

    assert error.retry_after == seconds


def test_only_trouble_after_the_call_arrived_may_have_been_done():
    done = {errors.AnswerLost, errors.Unreadable, errors.Unavailable}
    kinds = [errors.NotSent, errors.Invalid, errors.RateLimited, errors.TooManyJobs, *done]

    assert {kind for kind in kinds if kind.may_be_done} == done
