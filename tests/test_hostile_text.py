"""Whatever Zendesk sends, in whatever field: on every page and in every export it stays text."""

import csv
import io
import json
from html.parser import HTMLParser

import pytest

from app.models import JobStatus
from app.services.cells import FORMULA
from app.services.macro_library import copying
from app.zendesk.sandbox.fields import PRODUCT_FIELD
from tests.fixtures.running_jobs import finish
from tests.fixtures.zendesk import WsgiAdapter
from tests.test_access import addresses

# Ends an attribute, opens a tag, is a formula, turns the text around, ends the line, ends the text, and is long.
HOSTILE = (
    "=cmd|'/C calc'!A0\"'><x-evil x-evil=\"1\"><script>x-evil()</script>\u202e\r\nSet-Cookie: a=b\0"
)
LONG = HOSTILE + "z" * 10_000
TEXTS = {
    *("title", "raw_title", "subject", "raw_subject", "description", "name", "details"),
    *("file_name", "filename", "agent_label", "end_user_label"),
}
LONG_ONES = {"subject", "raw_subject", "description", "details"}


class Poisoned(WsgiAdapter):
    """The sandbox, with hostile text in all that people of the account may have written."""

    def _answer(self, request):
        answer = super()._answer(request)
        if answer.is_json:
            answer.set_data(json.dumps(_poisoned(answer.json)))
        return answer


def _poisoned(value):
    if isinstance(value, list):
        return [_poisoned(one) for one in value]
    if not isinstance(value, dict):
        return value
    new = {key: _text(value, key, one) for key, one in value.items()}
    if isinstance(value.get("tags"), list):
        new["tags"] = [*value["tags"], "=1+1<x-evil>"]
    return new


def _text(holder, key, one):
    says = key == "value" and str(holder.get("field", "")).startswith(("comment_value", "subject"))
    if isinstance(one, str) and (key in TEXTS or says):
        return (LONG if key in LONG_ONES else HOSTILE) + one
    return _poisoned(one)


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, html):
        super().__init__()
        self.evil = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        leads = [value for name, value in attrs if name in {"href", "src", "action"} and value]
        is_evil = tag == "x-evil" or any(name.startswith(("x-evil", "on")) for name, _ in attrs)
        if is_evil or any(one.strip().lower().startswith("javascript:") for one in leads):
            self.evil.append((tag, attrs))


@pytest.fixture
def hostile(app, sandbox, admin, make_job, run_job):
    """Jobs, macros and views of an account where everybody means ill; the ids of the jobs."""
    app.config["ZENDESK_TRANSPORT"] = Poisoned(sandbox)
    tickets = [sandbox.add_ticket(status="open", tags=["x"]) for _ in range(3)]
    sandbox.add_view("Late", lambda ticket: "x" in ticket.tags)
    sandbox.fail_ticket(tickets[0], details="Not on a Tuesday")
    macro = sandbox.add_macro(
        "Sent",
        [
            ("comment_value_html", "<p>Dear {{ticket.title}}</p>"),
            ("subject", "Sent"),
            (f"custom_fields_{PRODUCT_FIELD}", "lamp_l1"),
        ],
    )
    copying.renew()
    done = run_job(tickets=tickets, email="admin@giga.test", title=HOSTILE.replace("\0", ""))
    planned = make_job(
        tickets,
        email="admin@giga.test",
        tool_slug="apply-macro-to-view",
        operation="apply_macro",
        arguments={"macro_id": macro},
        title="A macro",
    )
    finish(planned, until=JobStatus.PLANNED)
    return macro, [done.job_id, planned.job_id]


def walk(app, visitor, macro, jobs):
    """Every page and export that there is of them, by its address."""
    found = {
        address.replace("/1", f"/{macro}") if "macro-search/" in address else address
        for job_id in jobs
        for _, method, address in addresses(app, job_id)
        if method == "GET"
        and not address.startswith(("/help", "/static", "/admin/connection/call"))
    }
    found |= {
        f"/tools/apply-macro-to-view?macro_id={macro}",
        f"/tools/apply-macro-to-view?macro={macro}",
        "/tools/macro-search?words=x-evil",
        "/tools/macro-search?words=sent&state=any",
    }
    for address in sorted(found):
        answer = visitor.open(address)
        assert answer.status_code < 500, address
        yield address, answer


def test_hostile_text_stays_text_everywhere(app, admin, hostile):
    shown = set()
    for address, answer in walk(app, admin, *hostile):
        text = answer.text
        if answer.mimetype == "text/html":
            assert Tags(text).evil == [], address
        if answer.mimetype == "text/csv":
            cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
            assert not [cell for cell in cells if cell.startswith(FORMULA)], address
        if answer.mimetype == "application/json":
            json.loads(text)
        assert "\0" not in text, address
        assert answer.headers.get("Set-Cookie", "").partition("=")[0] in {"", "session"}, address
        if "x-evil" in text:
            shown.add(address.partition("?")[0].rpartition("/")[2])

    # It was there to be shown: otherwise nothing was tested.
    assert shown >= {*hostile[1], "views", "macro-search", "progress", "tag-manager"}
    assert shown >= {"apply-macro-to-view", "export.csv", "export.json", "export.ndjson"}


def test_pages_notice_a_tag_that_came_through():
    assert Tags(f'<p title="{HOSTILE}">').evil
    assert Tags(HOSTILE).evil
