"""Whose update was it? By our mark or, where Zendesk keeps none, by who did what, how and when."""

from dataclasses import replace

import pytest

from app.services.engine.mark import is_ours, mark
from app.services.engine.row import Row
from app.zendesk.resources import Audit, Event

ME = 7
COMMENT = Event("Comment", "", None, None, "Refunded.", True)
SOLVED = Event("Change", "status", "solved", "open", None, None)
TAGGED = Event("Change", "tags", ["vip", "refund"], ["vip"], None, None)
FIELD = Event("Change", "901", "leaking", None, None, None)


def audit(*events, **more):
    asked = {"author_id": ME, "created_at": "2026-03-01T10:00:05Z", "custom": {}, "channel": "api"}
    return Audit(id=1, ticket_id=5, events=events, **(asked | more))


def row(before, after):
    return Row(0, 5, before, after, "2026-03-01T10:00:00Z", None, 1)


REPLIED = row({}, {"comment": {"text": "Refunded.", "public": True}})
SET = row({"status": "open"}, {"status": "solved"})
RETAGGED = row({"tags": ["vip"]}, {"tags": ["refund", "vip"]})
FILLED = row({"custom_fields": {"901": None}}, {"custom_fields": {"901": "leaking"}})


def test_the_mark_tells(client, sandbox):
    ticket = sandbox.add_ticket()
    stamp = client.ticket(ticket).updated_at
    content = {"id": ticket, "status": "solved", "safe_update": True, "updated_stamp": stamp}

    queued = client.update_each([content | mark("a job")])
    while not client.job_statuses([queued.id])[queued.id].is_over:
        pass
    newest = next(iter(client.audits(ticket, newest_first=True)))

    assert is_ours(newest, SET, "a job", None)
    assert not is_ours(newest, SET, "another job", newest.author_id)


@pytest.mark.parametrize(
    ("planned", "events"),
    [(REPLIED, [COMMENT]), (SET, [SOLVED]), (RETAGGED, [TAGGED]), (FILLED, [FIELD])],
)
def test_without_a_mark_the_content_does(planned, events):
    assert is_ours(audit(*events), planned, "a job", ME)
    assert is_ours(audit(*events, TAGGED), planned, "a job", ME)  # and a trigger's tag
    assert not is_ours(audit(), planned, "a job", ME)


@pytest.mark.parametrize(
    "other",
    [
        {"author_id": 8},
        {"channel": "web"},
        {"created_at": "2026-03-01T09:59:59Z"},
        {"custom": {"giga_tools": "another job"}},
    ],
)
def test_without_a_mark_somebody_elses_update_is_not_taken_for_ours(other):
    assert is_ours(audit(COMMENT), REPLIED, "a job", ME)
    assert not is_ours(replace(audit(COMMENT), **other), REPLIED, "a job", ME)


@pytest.mark.parametrize(
    ("planned", "event"),
    [
        (REPLIED, replace(COMMENT, public=False)),
        (SET, replace(SOLVED, value="pending")),
        (RETAGGED, replace(TAGGED, value=["vip"])),
        (FILLED, replace(FIELD, field_name="902")),
    ],
)
def test_other_content_is_not_ours(planned, event):
    assert not is_ours(audit(event), planned, "a job", ME)
