"""What the real processes log and count, in web and worker alike."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.deploy.processes import eventually
from tests.e2e.http import Console

pytestmark = pytest.mark.xdist_group("stack")

SENT = "e2e-from-the-browser"


def test_what_a_request_asked_of_a_worker_is_logged_under_its_id(stack, zendesk):
    console = Console(stack, stack.agent)
    console.http.headers["X-Request-ID"] = SENT

    job = console.plan("e2e-one-id", "All tickets", limit=501)

    web, worker = (stack.instance / f"demo/log/{name}.log" for name in ("web", "worker"))
    assert [line for line in said(web) if "POST" in line and "/tools/tag-manager" in line]
    assert eventually(lambda: [line for line in said(worker) if job.job_id in line])


def test_what_a_worker_counts_is_told_by_the_web(stack, zendesk):
    console = Console(stack, stack.agent)
    before = slices(console)

    console.plan("e2e-counted", "All tickets", limit=501)

    assert eventually(lambda: slices(console) > before)


def slices(console):
    told = text_string_to_metric_families(console.get("/metrics").text)
    samples = (sample for family in told for sample in family.samples)
    return sum(one.value for one in samples if one.name == "giga_slice_duration_seconds_count")


def said(log):
    """The lines under the id."""
    return [line for line in log.read_text().splitlines() if f"request_id={SENT}" in line]
