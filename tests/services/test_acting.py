"""In whose name Zendesk shows what we do."""

import pytest

from app.services import acting, connection

ME = "GET /api/v2/users/me"


@pytest.fixture
def times_asked(sandbox):
    return lambda: sandbox.summary()["requests_by_route"].get(ME, 0)


@pytest.mark.usefixtures("in_app")
def test_nothing_is_said_before_zendesk_has_told(times_asked):
    assert acting.remark() == ""
    assert times_asked() == 0


@pytest.mark.usefixtures("in_app")
def test_zendesk_is_asked_once_however_many_plans_there_are(times_asked):
    client = connection.client()
    name = client.me().name

    acting.learn(client)
    acting.learn(client)

    assert (
        acting.remark()
        == f"Zendesk shows what is changed as done by {name}, as whom we are connected."
    )
    assert times_asked() == 2, "once by this test"


def test_nothing_is_said_of_another_connection(in_app):
    acting.learn(connection.client())

    in_app.config["ZENDESK_OAUTH_CLIENT_ID"] = "agent-client"

    assert acting.remark() == ""


def test_a_plan_is_made_also_when_zendesk_does_not_tell(sandbox, plan_job, times_asked):
    ticket = sandbox.add_ticket()
    sandbox.change_settings(faults=[{"kind": "unknown_404", "route": "GET /users/me"}])

    job = plan_job([ticket])

    assert job.planned_count == 1
    assert times_asked() == 1
    assert acting.remark() == ""
