"""A small, fast sandbox and somebody who asks it things."""

import json
import time
from base64 import b64encode
from urllib.parse import urlencode

import pytest
from werkzeug.test import Client

from app.zendesk.sandbox import Sandbox, Settings

FAST = Settings(tickets=300, speed=1000, requests_per_minute=1_000_000, starts_at="2026-11-02")


class Caller:
    """Calls the sandbox as the admin, as the agent, or with other credentials."""

    def __init__(self, sandbox):
        self.sandbox, self.client = sandbox, Client(sandbox)

    def __call__(
        self, method, path, body=None, user="admin@sandbox.test", auth=None, headers=(), **query
    ):
        basic = b64encode(f"{user}/token:sandbox-token".encode()).decode()
        headers = {"Authorization": f"Basic {basic}" if auth is None else auth, **dict(headers)}
        data = None if body is None else json.dumps(body)
        query_string = urlencode(query)
        return self.client.open(
            path,
            method=method,
            headers=headers,
            data=data,
            query_string=query_string,
            content_type="application/json",
        )

    def access_token(self):
        """A new access token of the sandbox's OAuth client, which acts as the admin."""
        client = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
        body = {"grant_type": "client_credentials", "scope": "read write"} | client
        return self("POST", "/oauth/tokens", body, auth="").json["access_token"]

    def get(self, path, **kwargs):
        return self("GET", f"/api/v2{path}", **kwargs)

    def put(self, path, body, **kwargs):
        return self("PUT", f"/api/v2{path}", body, **kwargs)

    def tag_many(self, ids, *tags):
        body = {"ticket": {"additional_tags": list(tags)}}
        return self.put("/tickets/update_many", body, ids=",".join(map(str, ids)))

    def job_of(self, answer):
        """The Zendesk job's status once it is over."""
        name = answer.json["job_status"]["id"]
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            status = self.get(f"/job_statuses/{name}").json["job_status"]
            if status["results"] is not None:
                return status
        raise AssertionError(f"The job is still {status['status']}.")


@pytest.fixture
def make_sandbox():
    made = []

    def make(path=None, **changes):
        sandbox = Sandbox(FAST.overridden(changes), path)
        made.append(sandbox)
        return sandbox

    yield make
    for sandbox in made:
        sandbox.close()


@pytest.fixture
def sandbox(make_sandbox):
    return make_sandbox()


@pytest.fixture
def call(sandbox):
    return Caller(sandbox)


@pytest.fixture
def caller_of():
    return Caller
