"""A server that answers as Zendesk was recorded to, over real HTTP."""

import re

import pytest

from app.zendesk.client import Client
from app.zendesk.sign_in import ApiToken


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
