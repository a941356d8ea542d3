"""What gunicorn itself logs, of requests that never reach the app."""

import logging

import pytest
from gunicorn.http.errors import InvalidHeader, InvalidRequestLine

from deploy.gunicorn import Logger


@pytest.fixture
def logger():
    """Without gunicorn's settings, which would set up the logs of this process too."""
    logger = Logger.__new__(Logger)
    logger.error_log = logging.getLogger("tests.gunicorn")
    return logger


@pytest.mark.parametrize("ip", ["192.0.2.1", "2001:db8::1"])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InvalidRequestLine("GET /reset/SECRET\x80 HTTP/1.1"), "Invalid HTTP request line"),
        (InvalidHeader("Authorization: Bearer SECRET\n\x00'SECRET'"), "Invalid HTTP Header"),
    ],
)
def test_a_request_that_cannot_be_read_is_logged_without_what_it_holds(
    logger, caplog, ip, error, words
):
    # As gunicorn puts it together.
    logger.warning(f"Invalid request from ip={ip}: {error}")

    assert caplog.messages == [f"Invalid request from ip={ip}: {words}"]


def test_other_warnings_are_logged_whole(logger, caplog):
    logger.warning("Worker (pid:%s) was sent SIGTERM: %s", 7, "it's old")

    assert caplog.messages == ["Worker (pid:7) was sent SIGTERM: it's old"]
