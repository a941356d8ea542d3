"""A job that is done, told by mail and by a webhook: with the real worker, mail server and receiver."""

import json

import pytest

from tests.deploy.processes import eventually
from tests.e2e.http import Console
from tests.fixtures.stack import running
from tests.services.webhooks.test_signature import example

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("notices")]


@pytest.fixture
def mailbox(mail_servers, monkeypatch):
    mailbox, port = mail_servers()
    monkeypatch.setenv("GIGA_DEMO_SMTP_URL", f"smtp+plain://127.0.0.1:{port}")
    monkeypatch.setenv("GIGA_DEMO_MAIL_FROM", "Giga Tools <giga@giga.test>")
    return mailbox


@pytest.fixture
def receiver(httpserver, monkeypatch):
    """It is out of order when it is first called."""
    monkeypatch.setenv("WEBHOOK_ALLOWED_HOSTS", "localhost")
    monkeypatch.setenv("WEBHOOK_ALLOW_HTTP", "true")
    httpserver.expect_oneshot_request("/hook", "POST").respond_with_data("out of order", 503)
    httpserver.expect_request("/hook", "POST").respond_with_data("thanks")
    return httpserver


@pytest.fixture
def own_stack(tmp_path, mailbox, receiver):
    with running(tmp_path, tickets=700) as stack:
        yield stack


@pytest.mark.timeout(300)
def test_an_admin_and_a_program_hear_of_a_job_that_is_done(own_stack, mailbox, receiver):
    admin, agent = Console(own_stack, own_stack.admin), Console(own_stack, own_stack.agent)
    admin.submit("/account/notifications", own="never", others="y")
    shown = admin.submit("/admin/webhooks", url=receiver.url_for("/hook"), events="job.completed")
    secret = "whsec_" + shown.text.partition("whsec_")[2].partition('"')[0]
    own_stack.zendesk.fail(7, "Not this one")

    job = agent.plan("e2e-notices", "All tickets")
    job.apply()
    job.wait_for("completed")

    assert eventually(lambda: len(mailbox.mails) == 1 and len(receiver.log) == 1, 60)
    assert "is done, but not for 1 ticket" in mailbox.mails[0]["Subject"]
    assert "out of order" in admin.get("/admin/webhooks/1").text
    assert eventually(lambda: len(receiver.log) == 2, 120)
    first, second = (request for request, _ in receiver.log)
    assert example()(secret, second.headers, second.data)
    assert first.headers["Giga-Delivery"] == second.headers["Giga-Delivery"]
    told = json.loads(second.data)
    assert told["job"]["job_id"] == job.job_id
    assert told["job"]["counts"]["failed"] == 1
