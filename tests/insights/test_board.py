"""The board of issues: what it shows, to whom, in which order, and as a file."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest

from app.database import now, writing
from app.extensions import db
from tests.fixtures.running_jobs import permit
from tests.fixtures.visitor import Page
from tests.test_hostile_text import HOSTILE, Tags

TITLE = re.compile(r'data-label="Issue"><a [^>]*>([^<]*)</a>')
BAD = HOSTILE.replace("\0", "").replace("\r\n", " ")


def labels(visitor, query=""):
    return [unescape(one) for one in TITLE.findall(visitor.get(f"/issues{query}").text)]


def test_an_empty_board_says_what_to_do(admin, agent):
    assert ">Run the pipeline</a> once." in admin.get("/issues").text
    assert "which an admin starts" in agent.get("/issues").text


def test_tickets_without_an_issue_are_told(agent, put_tickets, put_issue):
    put_tickets(("Odd", "one"), ("Other", "one"), first=100)
    assert "No issue yet" in agent.get("/issues").text

    put_issue()

    assert "2 tickets are in no issue" in Page(agent.get("/issues").text).text


def test_a_row_tells_state_size_and_the_last_days_in_words(agent, put_issue):
    issue = put_issue(state="escalating", severity="high", ticket={"created_at": now()})
    page = agent.get("/issues").text

    words = Page(page).text
    assert "Escalating High 3 3" in words
    assert "In 30 days 3 tickets came, 3 of them in the last 7; at most 3 on a day." in page
    assert f'href="/issues/{issue.key}"' in page


@pytest.fixture
def several(put_issue):
    day = timedelta(days=1)
    long_ago = {"created_at": now() - 40 * day}
    put_issue("Toaster burns bread", 3, first=1, state="escalating", severity="high")
    put_issue("Refund is late", 2, first=11, state="new", phrases=["money back"])
    put_issue("Parcel is lost", 4, first=21, state="resolved", ticket=long_ago)
    put_issue("Spam 100%", 1, first=31, dismissed_at=now())
    merged = put_issue("Bread is black", 1, first=41)
    with writing():
        db.session.merge(merged).merged_into_id = 1
        db.session.commit()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Parcel", "Toaster", "Refund"]),
        ("?sort=recent", ["Refund", "Toaster", "Parcel"]),
        ("?state=new", ["Refund"]),
        ("?severity=high", ["Toaster"]),
        ("?text=BURNS+toaster", ["Toaster"]),
        ("?text=money", ["Refund"]),
        ("?text=%2322", ["Parcel"]),
        ("?dismissed=only", ["Spam"]),
        ("?dismissed=too&sort=customers", ["Parcel", "Toaster", "Refund", "Spam"]),
        ("?dismissed=too&text=100%25", ["Spam"]),
        ("?text=%25", []),
        (f"?to={now() - timedelta(days=20):%Y-%m-%d}", ["Parcel"]),
        (f"?from={now() - timedelta(days=20):%Y-%m-%d}", ["Toaster", "Refund"]),
        ("?state=odd&severity=odd&sort=odd&after=odd", ["Parcel", "Toaster", "Refund"]),
    ],
)
def test_the_board_is_searched_filtered_and_ordered(agent, several, query, found):
    assert [label.split()[0] for label in labels(agent, query)] == found


def test_states_are_tabs_that_keep_the_other_filters(agent, several):
    page = agent.get("/issues?dismissed=too&state=new").text

    tabs = re.findall(r'class="state-tab"[^>]*>([\w ]+) <span class="state-count">(\d+)', page)
    assert dict(tabs) == {"All": "4", "Escalating": "1", "New": "2", "Resolved": "1"}
    assert 'href="/issues?state=resolved&amp;dismissed=too"' in page


def test_pages_meet_without_a_gap_where_many_are_alike(agent, put_issue):
    for number in range(55):
        put_issue(f"Issue {number}", 1, first=1 + number)
    seen, address = [], "/issues"
    while address:
        page = agent.get(address).text
        seen.append(TITLE.findall(page))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(following[1]) if following else None

    back = unescape(re.search(r'rel="prev" href="([^"]+)"', page)[1])
    assert [len(one) for one in seen] == [25, 25, 5]
    assert [label for one in seen for label in one] == [
        f"Issue {number}" for number in reversed(range(55))
    ]
    assert labels(agent, back.removeprefix("/issues")) == seen[1]


def test_nothing_matches(agent, several):
    assert "No issue matches" in agent.get("/issues?text=nothing").text


def test_the_board_asks_as_little_for_many_as_for_one(agent, put_issue, statements):
    put_issue("First", 1)
    agent.get("/issues")  # whoever comes for the first time is noted as seen
    few = len(statements(lambda: agent.get("/issues")))
    for number in range(20):
        put_issue(f"Issue {number}", 2, first=100 + 10 * number)

    assert len(statements(lambda: agent.get("/issues"))) <= few + 2


def test_the_file_has_what_the_filters_find_and_no_formulas(agent, several, put_issue):
    put_issue('=HYPERLINK("http://x")', 2, first=60, phrases=["=1+1", "b"], severity="critical")

    answer = agent.get("/issues/export.csv?severity=critical")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["label"] for row in rows] == ['\'=HYPERLINK("http://x")']
    assert (rows[0]["tickets"], rows[0]["customers"], rows[0]["phrases"]) == ("2", "2", "'=1+1, b")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_hostile_names_stay_text(agent, put_issue):
    put_issue(BAD[:200], 1, phrases=[BAD])

    page = agent.get("/issues", query_string={"text": BAD[:100]})

    assert Tags(page.text).evil == []
    assert Tags(agent.get("/issues").text).evil == []


@pytest.mark.parametrize(
    "limits", [{"view_ids": frozenset({7})}, {"group_ids": frozenset({7})}, {"may_use": False}]
)
def test_who_may_choose_only_some_tickets_sees_no_issues(app, agent, admin, put_issue, limits):
    issue = put_issue()
    assert ">Issues</a>" in agent.get("/").text
    permit("user", "tag-manager", **limits)

    answers = [
        agent.get(path).status_code
        for path in ("/issues", "/issues/export.csv", f"/issues/{issue.key}")
    ]

    assert answers == [403, 403, 403]
    assert ">Issues</a>" not in agent.get("/").text
    assert admin.get("/issues").status_code == 200
