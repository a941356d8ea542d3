"""The page for the audit log: filtered, paged, in words, and taken away."""

import csv
import io
import json
import re
import uuid
from datetime import UTC, datetime

import pytest

from app.database import writing
from app.extensions import db
from app.models import AuditEvent, User
from app.services import audit_chain, audit_log, settings
from tests.fixtures.visitor import Page

PAGE = "/admin/audit-log"
HOSTILE = "<script>alert('x')</script>\u202e=1+1"


@pytest.fixture
def note(app):
    """Put an entry into the log, as of a moment."""

    def note(action="job.create", actor="ada@giga.test", day=1, **more):
        with app.app_context(), writing():
            moment = datetime(2026, 11, day, 12, tzinfo=UTC)
            db.session.add(AuditEvent(action=action, actor=actor, at=moment, **more))
            db.session.commit()

    return note


def text_of(visitor, **asked):
    return Page(visitor.get(PAGE, query_string=asked).text).text


def rows(visitor, **asked):
    lines = visitor.open(f"{PAGE}/export.ndjson", query_string=asked).text.splitlines()
    return [json.loads(line) for line in lines]


def test_the_newest_comes_first_in_words_with_its_code(admin, note):
    note(detail={"title": "Recall"}, address="192.0.2.9", target="a-job")

    page = admin.get(PAGE).text
    text = Page(page).text

    assert "ada@giga.test asked for the job “Recall”" in text
    assert "job.create a-job 192.0.2.9" in text
    assert page.index("job.create</code>") < page.index("sign_in</code>")


def test_a_setting_is_told_from_what_to_what(app, admin, make_user):
    make_user("ada@giga.test")
    with app.app_context(), writing():
        ada = db.session.query(User).filter_by(email="ada@giga.test").one()
        settings.choose("reserve_percent", 20, ada)
        db.session.commit()

    text = text_of(admin, action="setting")

    assert "ada@giga.test changed “Kept for people in Zendesk” from 30 to 20 per cent" in text


def test_what_is_before_and_after_is_shown_where_it_differs(admin, note):
    before = {"method": "api_token", "client_id": None, "same": "unchanged"}
    note("connection.change", detail={"before": before, "after": before | {"client_id": "giga"}})

    text = text_of(admin, action="connection.change")

    assert "client id: before: nothing → after: giga" in text
    assert "unchanged" not in text


def test_an_unknown_kind_is_told_by_its_code(admin, note):
    note(
        "bicycle.take_back", actor="system", target="no. 7", detail={"scopes": ["read"], "none": ""}
    )

    text = text_of(admin, target="no. 7")

    assert "Giga Tools – Bicycle: take back scopes: read bicycle.take_back no. 7" in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 5),
        ({"person": "ADA@"}, 2),
        ({"person": "a_a"}, 0),
        ({"action": "job"}, 2),
        ({"action": "job.create"}, 1),
        ({"target": "one"}, 1),
        ({"address": "192.0.2."}, 1),
        ({"from": "2026-11-02", "to": "2026-11-02"}, 1),
        ({"person": "ada", "action": "job.cancel"}, 1),
        ({"from": "yesterday"}, 5),
    ],
)
def test_a_filter_finds_what_it_says(app, admin, note, asked, found):
    note("job.create", day=1, target="one", address="192.0.2.1")
    note("job.cancel", day=2, target="two")
    note("jobless", actor="bo@giga.test", day=3)
    note("sign_out", actor="bo@giga.test", day=4)

    assert len(rows(admin, **asked)) == found


def test_what_was_done_is_chosen_in_words_by_group(admin, note):
    for action in ("job.create", "job.untick", "bicycle.take_back", "sign_out"):
        note(action)

    page = admin.get(PAGE, query_string={"action": "job.untick"}).text

    groups = dict(re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page, re.DOTALL))
    options = re.findall(r'<option value="([^"]+)" (\w*)>([^<]+)<', groups["Jobs"])
    assert options == [
        ("job", "", "Jobs: all"),
        ("job.create", "", "Asked for the job “…”"),
        ("job.untick", "selected", "Left … tickets out of a plan, and took … in again"),
    ]
    assert '<option value="bicycle.take_back" >Take back</option>' in groups["Bicycle"]
    assert '<option value="sign_out" >Sign-outs</option>' in page


def test_a_day_that_is_none_is_said(admin):
    assert "“yesterday” is no day" in text_of(admin, **{"from": "yesterday"})
    assert "can match" in text_of(admin, **{"from": "2026-11-02", "to": "2026-11-01"})


def test_nothing_found_leads_back_to_all(admin):
    assert "No entry matches. <a" in admin.get(PAGE, query_string={"person": "nobody"}).text


def test_pages_follow_on_one_another(admin, note, monkeypatch):
    monkeypatch.setattr(audit_log, "EVENTS_A_PAGE", 2)
    for number in range(5):
        note("job.cancel", target=f"no. {number}")

    first = admin.get(PAGE, query_string={"action": "job.cancel"}).text
    second = admin.get(link(first, "next")).text
    back = admin.get(link(second, "prev")).text

    assert [shown(page) for page in (first, second, back)] == [[4, 3], [2, 1], [4, 3]]


def link(page, relation):
    return page.partition(f'rel="{relation}" href="')[2].partition('"')[0].replace("&amp;", "&")


def shown(page):
    return [number for number in reversed(range(5)) if f"<bdi>no. {number}</bdi>" in page]


def test_only_a_job_that_is_there_is_linked(admin, note):
    gone = str(uuid.uuid4())
    note("job.delete", target=gone)

    page = admin.get(PAGE).text

    assert gone in page
    assert f"/jobs/{gone}" not in page


def test_hostile_text_stays_text_on_the_page_and_in_tables(admin, note):
    note(
        "job.create",
        actor=HOSTILE,
        target=f"={HOSTILE}",
        detail={"title": HOSTILE, HOSTILE: HOSTILE, "before": HOSTILE, "after": {HOSTILE: 1}},
        address="=1+1",
    )

    page = admin.get(PAGE).text
    table = admin.open(f"{PAGE}/export.csv").text
    row = next(one for one in csv.DictReader(io.StringIO(table)) if one["action"] == "job.create")

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert (row["target"], row["address"]) == (f"'={HOSTILE}", "'=1+1")


def test_what_is_filtered_is_taken_away_as_both_kinds(admin, note):
    note("job.create", target="one")
    note("sign_out", actor="bo@giga.test")

    answer = admin.open(f"{PAGE}/export.csv", query_string={"person": "bo"})
    lines = rows(admin, person="bo")

    assert [row["action"] for row in csv.DictReader(io.StringIO(answer.text))] == ["sign_out"]
    assert [row["action"] for row in lines] == ["sign_out"]
    assert lines[0]["at"] == "2026-11-01T12:00:00.000000+00:00"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.mimetype == "text/csv"


def test_an_export_of_many_pieces_has_all(admin, note, monkeypatch):
    monkeypatch.setattr("app.services.audit_export._PIECE", 2)
    for number in range(5):
        note("job.cancel", target=str(number))

    assert [row["target"] for row in rows(admin, action="job")] == list("43210")


def test_the_state_of_the_seal_is_said(app, admin, note):
    assert "None is sealed yet" in text_of(admin)
    with app.app_context(), writing():
        audit_chain.seal()
        db.session.commit()
    note()

    assert "1 entry is sealed, 1 not yet" in text_of(admin)


def test_the_entry_of_a_job_leads_to_it(admin, make_job):
    job = make_job()

    assert f'href="/jobs/{job.job_id}"' in admin.get(PAGE).text


def test_a_change_of_permissions_is_told_in_words(admin, note):
    note("permissions.change", target="tag-manager/user")

    assert "changed what users may do with Tag manager" in text_of(admin)
