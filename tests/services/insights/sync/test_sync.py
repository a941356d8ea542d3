"""The mirror has what Zendesk has, wherever a sync was cut off and however often a page comes."""

import multiprocessing
import os
import signal
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import SyncState
from app.services.insights.syncing import sync
from tests.fixtures.zendesk import WsgiAdapter
from tests.services.insights.sync.conftest import SLICE, Run, mirrored


def test_all_tickets_are_there_as_zendesk_has_them(sandbox, synced, exported):
    progress = synced()

    copies = mirrored()
    assert set(copies) == set(range(1, 61))
    last = max(copies.values(), key=lambda copy: copy.generated_timestamp)
    read_until = datetime.fromtimestamp(last.generated_timestamp, UTC).isoformat()
    counts = {"tickets": 60, "deleted": 0, "odd": 0, "pages": 3}
    assert progress.result == counts | {"read_until": read_until}
    assert len(exported.queries) == 3
    for number in (1, 30, 60):
        theirs, ours = sandbox.ticket(number), copies[number]
        for name in ("subject", "description", "status", "tags", "requester_id", "organization_id"):
            assert getattr(ours, name) == theirs[name]
        for name in ("group_id", "brand_id", "assignee_id"):
            assert getattr(ours, name) == theirs[name]
        assert (ours.priority, ours.kind) == (theirs["priority"] or "", theirs["type"] or "")
        assert ours.via_channel == theirs["via"]["channel"]
        assert ours.created_at == datetime.fromisoformat(theirs["created_at"])
        assert ours.analysed_at is None


def test_the_next_sync_reads_what_changed_since(sandbox, synced, exported):
    synced()
    sandbox.set_ticket(7, subject="Another one")
    sandbox.delete_ticket(8)
    new = sandbox.add_ticket(subject="New")
    exported.queries.clear()

    progress = synced(days=7)

    copies = mirrored()
    assert copies[7].subject == "Another one"
    assert copies[new].subject == "New"
    assert progress.result["tickets"] == 3
    assert [query.partition("=")[0] for query in exported.queries] == ["cursor"]


def test_a_deleted_ticket_is_marked_and_its_text_is_gone(sandbox, synced):
    synced()
    sandbox.delete_ticket(8)

    progress = synced()

    gone = mirrored()[8]
    assert (gone.deleted, gone.status) == (True, "deleted")
    assert (gone.subject, gone.description, gone.tags) == ("", "", [])
    assert progress.result["deleted"] == 1


def test_no_further_back_than_asked(sandbox, synced):
    synced(days=30)

    since = datetime.now(UTC).timestamp() - 30 * 86_400
    changed = {
        number
        for number in range(1, 61)
        if datetime.fromisoformat(sandbox.ticket(number)["updated_at"]).timestamp() >= since
    }
    assert set(mirrored()) == changed
    assert 0 < len(changed) < 60


def test_a_longer_backfill_goes_further_back(synced):
    synced(days=30)

    progress = synced(days=365)

    assert len(mirrored()) == 60
    assert "further than before" in progress.result["note"]
    assert "note" not in synced(days=30).result


def test_a_slice_does_one_page_at_least_and_ends_when_told(in_app, synced):
    first = sync(Run(), time.monotonic() - 1)
    second = sync(Run(), time.monotonic() - 1)

    assert (first.done, first.is_over) == (20, False)
    assert (second.done, second.is_over) == (40, False)
    assert synced().result["tickets"] == 60


def test_a_page_is_not_kept_without_the_lease(in_app, synced):
    class LeaseLost(Exception):
        pass

    def lost():
        raise LeaseLost

    run = Run(checks=[lambda: None, lambda: None, lost])
    with pytest.raises(LeaseLost):
        sync(run, time.monotonic() + SLICE)

    assert len(mirrored()) == 20
    assert synced().result["tickets"] == 60
    assert len(mirrored()) == 60


@pytest.mark.parametrize("when", ["before it asks", "before it commits"])
def test_a_worker_killed_between_pages_loses_none(app, transport, synced, exported, when):
    child = multiprocessing.get_context("fork").Process(target=killed, args=(app, transport, when))
    child.start()
    child.join(60)
    there = len(mirrored())

    progress = synced()

    assert child.exitcode == -signal.SIGKILL
    assert there == 40
    assert exported.queries[0].startswith("cursor=")
    assert progress.result["tickets"] == 60
    assert len(mirrored()) == 60


def killed(app, transport, when):
    """Sync in a process of its own, which dies with its third page."""
    send, calls = transport.send, []

    def deadly(request, **options):
        calls.append(request)
        is_third = sum("/incremental/" in one.url for one in calls) == 3
        if is_third and when == "before it asks":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = send(request, **options)
        if is_third:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    transport.send = deadly
    db.engine.dispose(close=False)  # its connections are the parent's
    sync(Run(), time.monotonic() + SLICE)


def test_another_account_does_not_go_on_and_mixes_nothing(in_app, make_sandbox, synced, exported):
    synced()
    other = make_sandbox(tickets=5, seed=2, incremental_delay=0)
    in_app.config["ZENDESK_BASE_URL"] = "http://other.test"
    in_app.config["ZENDESK_TRANSPORT"] = WsgiAdapter(other)

    progress = synced()

    copies = mirrored()
    assert {number: copies[number].subject for number in copies} == {
        number: other.ticket(number)["subject"] for number in range(1, 6)
    }
    assert progress.result["tickets"] == 5
    assert "connected to http://other.test now" in progress.result["note"]
    assert db.session.scalar(select(SyncState.base_url)) == "http://other.test"


def test_a_change_of_accounts_that_was_cut_off_is_finished_first(in_app, make_sandbox, synced):
    synced()
    in_app.config["ZENDESK_BASE_URL"] = "http://other.test"
    in_app.config["ZENDESK_TRANSPORT"] = WsgiAdapter(make_sandbox(tickets=5, seed=2))

    cut_off = sync(Run(), time.monotonic() - 1)

    assert (cut_off.done, cut_off.is_over) == (0, False)
    assert len(mirrored()) == 60
    synced()
    assert len(mirrored()) == 5


def test_whoever_is_overtaken_writes_nothing(in_app, synced, exported):
    def overtake():
        exported.answers.clear()
        synced()

    exported.answers += [None, overtake]

    progress = sync(Run(), time.monotonic() + SLICE)

    assert progress.is_over
    assert (
        len(exported.queries) == 4
    )  # two and the other's two: what came too late is not gone on from
    assert db.session.scalar(select(SyncState.tickets)) == 60
