"""Views to choose from."""

import pytest

PAGE = "/tools/tag-manager"


@pytest.fixture
def views(sandbox):
    """Two views, with one ticket in both."""
    for tags in (["x"], ["x", "y"], ["y"]):
        sandbox.add_ticket(tags=tags)
    return [
        sandbox.add_view("Late parcels", lambda ticket: "x" in ticket.tags),
        sandbox.add_view("Lost parcels", lambda ticket: "y" in ticket.tags),
    ]
