"""Jobs that apply a macro."""

import pytest

from tests.fixtures.running_jobs import finish


@pytest.fixture
def macro_job(sandbox, make_job):
    """A job that applies a macro of these actions to the tickets; not begun yet."""

    def make(tickets, *actions, **changes):
        macro_id = sandbox.add_macro("Made by a test", actions)
        return make_job(
            tickets,
            tool_slug="apply-macro-to-view",
            operation="apply_macro",
            arguments={"macro_id": macro_id},
            **{"dry_run": False, **changes},
        )

    return make


@pytest.fixture
def applied(macro_job):
    """The same, run to its end."""

    def run(tickets, *actions, **changes):
        job = macro_job(tickets, *actions, **changes)
        finish(job)
        return job

    return run
