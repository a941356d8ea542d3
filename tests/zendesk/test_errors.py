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
            errors.Outdated,
            "outdated",
        ),
        (
            answer(409, {"error": "DatabaseConflict", "description": "Database collision"}),
            errors.Conflict,
            "Database collision",
        ),
        (answer(423, {"error": "Locked"}), errors.Unavailable, "Locked"),
        (
            answer(401, {"error": "invalid_token", "error_description": "It is expired"}),
            errors.SignInRefused,
            "It is expired",
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


@pytest.mark.parametrize(
    "body",
    [
        *("[]", "null", "{", "7", '{"errors": []}', '{"error": null}', '{"error": [[7]]}'),
        *('{"errors": [null]}', '{"details": [1]}', '{"error": {"title": {}, "message": 7}}'),
        pytest.param("[" * 100_000, id="nested too deep"),
        pytest.param('{"error": ' + "9" * 5_000 + "}", id="a number too long"),
    ],
)
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


def test_a_refused_field_is_named_with_its_sentences():
    details = {
        "base": [
            {"description": "Order number: is required", "error": None, "ticket_field_id": 7},
            {"description": "Assignee: is required when solving a ticket"},
        ],
        "status": [{"description": "Status: closed prevents ticket update"}],
        "odd": [None, 7, {}, "but told"],
        "nothing": None,
    }

    error = errors.from_response(answer(422, {"error": "RecordInvalid", "details": details}))

    assert [detail.ticket_field_id for detail in error.details["base"]] == [7, None]
    assert error.details["status"][0].words == "Status: closed prevents ticket update"
    assert [detail.words for detail in error.details["odd"]] == ["but told"]
    assert "nothing" not in error.details


def test_what_names_a_person_is_kept_out_of_the_text():
    details = {"requester": [{"description": "Requester: A. Nonymous is suspended."}]}
    body = {"error": "RecordInvalid", "description": "Record validation errors", "details": details}

    error = errors.from_response(answer(422, body))

    assert "A. Nonymous" in error.details["requester"][0].words
    assert "A. Nonymous" not in str(error) + repr(error)


@pytest.mark.parametrize(
    ("words", "scopes"),
    [
        ("Missing the following required scopes: read", ("read",)),
        (
            "Missing the following required scopes: tickets:read, users:read.",
            ("tickets:read", "users:read"),
        ),
        ("You do not have access to this page.", ()),
    ],
)
def test_missing_scopes_are_known_by_name(words, scopes):
    error = errors.from_response(answer(403, {"error": "Forbidden", "description": words}))

    assert error.missing_scopes == scopes


@pytest.mark.parametrize("header", ["X-Request-Id", "x-zendesk-request-id"])
def test_the_request_id_is_kept_for_zendesks_support(header):
    assert errors.from_response(answer(500, "", **{header: "abc-1"})).request_id == "abc-1"


def test_words_are_one_line_that_can_be_shown():
    body = {"error": "Odd", "description": "a\x00b\n\x1b[31mc\u202e\ud800 " + "long " * 500}

    error = errors.from_response(answer(400, body))

    assert error.words.isprintable()
    assert error.words.startswith("a b [31mc long")
    assert len(error.words) <= 500


def test_an_error_without_an_answer_has_the_same_questions_asked_of_it():
    error = errors.NotSent("Zendesk could not be reached")

    assert (error.status, error.words, error.request_id, dict(error.details)) == (0, "", "", {})
