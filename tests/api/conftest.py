"""Programs with access tokens."""

from contextvars import Context

import pytest

from app.models import Role


class Program:
    """Calls the API with a token, as a server gets it: in a context of its own."""

    def __init__(self, app, token):
        self.http, self.token = app.test_client(), token

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, json=None, **options):
        return self.call("POST", path, json=json, **options)

    def call(self, method, path, headers=None, **options):
        headers = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        options = {"buffered": True, "method": method, "headers": headers} | options
        full = path if path.startswith("/api/") else f"/api/v1{path}"
        return Context().run(self.http.open, full, **options)


@pytest.fixture
def program_of(app, make_token):
    def make(*args, **changes):
        return Program(app, make_token(*args, **changes))

    return make


@pytest.fixture
def program(program_of):
    """A program of an agent, which may write."""
    return program_of()


@pytest.fixture
def admins_program(program_of):
    return program_of("admin@giga.test", Role.ADMIN)


@pytest.fixture
def tags_order(sandbox):
    """What a program sends to add a tag to three tickets."""

    def make(**changes):
        tickets = [sandbox.add_ticket(tags=["x"]) for _ in range(3)]
        asked = {"tool": "tag-manager", "operation": "add_tags", "tags": ["vip"]}
        return asked | {"selection": {"ticket_ids": tickets}} | changes

    return make
