"""Who looks at the console."""

import pytest


@pytest.fixture
def owner(sign_in):
    """The agent who owns the jobs of these tests."""
    return sign_in("agent@giga.test")
