"""The search for macros, page by page, without JavaScript."""

import csv
import html
import io
import json
import re
from datetime import timedelta

import pytest
import time_machine

from app.database import now
from app.extensions import redis
from app.models import Role
from app.services.macro_library import copying
from app.zendesk.sandbox.fields import PRODUCT_FIELD
from app.zendesk.sandbox.words import AWKWARD_BODIES, AWKWARD_SUBJECTS
from deploy.ports import any_free
from tests.fixtures.visitor import Page

PAGE = "/tools/macro-search"
FRAGMENT = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture
def renew(app, sandbox, monkeypatch):
    """Renew the copy of an account that has no macros but those of the test."""
    everything = sandbox.desk.macros.all
    first = sandbox.desk.macros.next_id()
    monkeypatch.setattr(
        sandbox.desk.macros, "all", lambda: [macro for macro in everything() if macro.id >= first]
    )

    def renew():
        with app.app_context():
            return copying.renew()

    return renew


@pytest.fixture
def many(sandbox, library, renew):
    """Sixty macros more."""
    for number in range(60):
        sandbox.add_macro(f"Echidna {number}", [])
    renew()


@pytest.fixture
def library(sandbox, renew):
    """A local copy with a few macros beside those of the sandbox; their ids."""
    says = [
        ("comment_value_html", "<p>Your <b>wombat</b> is</p><p>on its way</p>"),
        ("current_tags", "wombat-sent"),
        (f"custom_fields_{PRODUCT_FIELD}", "lamp_l1"),
    ]
    ids = {
        "sent": sandbox.add_macro("Zoo::Wombats::Sent", says, description="When it has left"),
        "lost": sandbox.add_macro("Zoo::Lost", [("remove_tags", "wombat-sent")]),
        "old": sandbox.add_macro("Zoo::Old wombat", [], active=False),
        "mine": sandbox.add_macro("Secret wombat", [], owner_id=9002),
        "team": sandbox.add_macro("Team wombat", [], group_ids=(501,)),
    }
    renew()
    return ids


def told(visitor, path):
    return html.unescape(Page(visitor.get(path).text).text)


def test_finds_by_what_the_reply_says_and_marks_it(agent, library):
    page = agent.get(f"{PAGE}?words=wombat+way").text

    assert 'role="status">1 macro</p>' in page
    assert "Your <mark>wombat</mark> is\non its <mark>way</mark>" in page
    assert 'value="wombat way"' in page


def test_shows_what_it_does_in_words_and_whom_it_is_for(agent, library):
    text = told(agent, f"{PAGE}?words=wombat")

    assert "Set Product to Lamp l1" in text
    assert "Only Billing" in text
    assert "1 inactive macro matches too." in text
    assert "Secret" not in text


def test_the_part_that_is_renewed_while_one_types_is_the_same_list(agent, library):
    whole = agent.get(f"{PAGE}?words=wombat").text
    part = agent.get(f"{PAGE}?words=wombat", headers=FRAGMENT).text

    assert "<html" not in part
    assert '<p id="found" hx-swap-oob="innerHTML">3 macros</p>' in part
    shown = part[part.index('<ul class="macro-list">') : part.index("</ul>")]
    assert shown in whole


def test_filters_come_back_as_they_were_chosen(agent, library):
    address = f"{PAGE}?state=any&category=Zoo&access=everybody&does=public_reply&tag=Wombat-Sent&sort=used"

    page = agent.get(address).text

    for chosen in ("any", "Zoo", "everybody", "public_reply", "used"):
        assert f'<option value="{chosen}" selected>' in page
    assert 'value="wombat-sent"' in page
    assert '<details class="macro-filters" open>' in page
    assert 'role="status">1 macro</p>' in page


@pytest.mark.parametrize(
    "query",
    [
        "words=%22%20OR%20*&sort=worst&state=x&access=&does=explode&category=%25",
        "does=field-x%27;--&tag=%27%22&after=-1&before=99999999999999999999",
        "words=" + "x%20" * 3000,
        "after=1&before=1&unused=maybe",
        "words=%F0%9F%92%A9%ED%A0%80",
    ],
)
def test_no_address_is_an_error(agent, library, query):
    assert agent.get(f"{PAGE}?{query}").status_code == 200
    assert agent.get(f"{PAGE}/export.csv?{query}").status_code == 200


def test_pages_lead_to_each_other_and_keep_what_was_asked_for(agent, many):
    first = agent.get(f"{PAGE}?words=e&state=any&sort=title").text
    address = html.unescape(first.split('rel="next" href="')[1].split('"')[0])

    second = agent.get(address).text

    assert "words=e" in address
    assert "sort=title" in address
    assert 'rel="prev"' in second
    assert listed(first) & listed(second) == set()
    assert (len(listed(first)), len(listed(second))) == (25, 25)


def listed(page):
    """The ids of the macros that the page lists."""
    return set(re.findall(r'<a href="/tools/macro-search/(\d+)"', page))


def test_a_macro_is_shown_whole(sandbox, agent, library):
    text = told(agent, f"{PAGE}/{library['sent']}")

    for words in (
        "Zoo",
        "Wombats",
        "Add tag wombat-sent",
        "Set Product to Lamp l1",
        "Public reply",
        "on its way",
        "When it has left",
        "Open in Zendesk",
    ):
        assert words in text
    page = agent.get(f"{PAGE}/{library['sent']}").text
    assert f"/admin/workspaces/agent-workspace/macros/{library['sent']}" in page
    assert f'href="{PAGE}/{library["lost"]}"' in page  # uses the same tag


def test_somebody_elses_personal_macro_is_not_there(agent, admin, sign_in, library):
    owner = sign_in("agent@sandbox.test")

    assert agent.get(f"{PAGE}/{library['mine']}").status_code == 404
    assert "Personal: Gil Sandbox" in told(owner, f"{PAGE}/{library['mine']}")
    assert "Personal: Gil Sandbox" in told(admin, f"{PAGE}?words=secret")


@pytest.mark.parametrize("number", ["1", "99999999999999999999"])
def test_a_macro_that_does_not_exist_is_not_there(agent, library, number):
    assert agent.get(f"{PAGE}/{number}").status_code == 404


def test_hostile_texts_are_shown_as_texts(sandbox, agent, admin, renew):
    for number, title in enumerate(AWKWARD_SUBJECTS):
        body = AWKWARD_BODIES[number % len(AWKWARD_BODIES)]
        actions = [("comment_value_html", body), ("comment_value", body), ("current_tags", title)]
        hostile = sandbox.add_macro(f"Q::{title}", [*actions, ("subject", body)], description=title)
    renew()

    page = agent.get(f"{PAGE}?category=Q&words=script").text
    pages = [page, agent.get(f"{PAGE}?category=Q").text, agent.get(f"{PAGE}/{hostile}").text]

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;<mark>script</mark>&gt;" in pages[0]


def test_the_export_has_all_that_is_found(agent, library):
    answer = agent.get(f"{PAGE}/export.csv?words=wombat&state=any")
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert {row["title"] for row in rows} == {
        "Zoo::Wombats::Sent",
        "Zoo::Lost",
        "Zoo::Old wombat",
        "Team wombat",
    }
    sent = next(row for row in rows if row["title"] == "Zoo::Wombats::Sent")
    assert sent["comment"] == "Your wombat is\non its way"
    assert sent["tags"] == "lamp_l1 wombat-sent"
    assert sent["does"].endswith("Public reply: Your wombat is on its way")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_export_as_json_has_more_than_a_page(agent, library, many):
    rows = json.loads(agent.get(f"{PAGE}/export.json?state=any").text)

    assert len(rows) == 64
    assert len({row["id"] for row in rows}) == len(rows)
    assert next(row for row in rows if row["id"] == library["lost"])["actions"] == [
        ["remove_tags", "wombat-sent"]
    ]
    assert json.loads(agent.get(f"{PAGE}/export.json?words=nothingatall").text) == []


def test_no_cell_of_the_export_is_a_formula(sandbox, agent, renew):
    sandbox.add_macro('=HYPERLINK("http://x.test")', [("comment_value", "+1")], description="@now")
    renew()

    rows = list(csv.reader(io.StringIO(agent.get(f"{PAGE}/export.csv?words=hyperlink").text)))

    assert len(rows) == 2
    assert not any(cell.startswith(("=", "+", "@")) for cell in rows[1])


def test_without_a_copy_the_page_says_so_and_offers_one(agent):
    assert "The macros have not been copied from Zendesk yet." in told(agent, PAGE)
    assert agent.get(f"{PAGE}/1").status_code == 404
    assert agent.get(f"{PAGE}/export.csv").status_code == 404


def test_refresh_asks_a_worker_and_the_page_says_that_it_is_on_its_way(agent):
    answer = agent.submit(PAGE, f"{PAGE}/refresh")
    again = agent.submit(PAGE, f"{PAGE}/refresh")

    assert answer.location == again.location == PAGE
    assert len(queued()) == 1
    assert "renew_macros" in queued()[0]
    page = agent.get(PAGE).text
    assert "being copied from Zendesk for the first time" in page
    assert 'hx-trigger="every 2s"' in page


def test_refresh_leads_back_to_what_was_searched_for(agent, library):
    form = Page(agent.get(PAGE).text).fields
    came = f"http://localhost{PAGE}?words=wombat&state=any"

    answer = agent.open(f"{PAGE}/refresh", "POST", data=form, headers={"Referer": came})
    other = agent.open(f"{PAGE}/refresh", "POST", data=form, headers={"Referer": "http://x.test/"})

    assert answer.location == f"{PAGE}?words=wombat&state=any"
    assert other.location == PAGE


def test_what_is_polled_says_when_the_copy_is_there(agent, renew):
    agent.submit(PAGE, f"{PAGE}/refresh")
    waiting = agent.get(f"{PAGE}/copy?first=1")
    renew()

    done, later = agent.get(f"{PAGE}/copy?first=1"), agent.get(f"{PAGE}/copy")

    assert "HX-Refresh" not in waiting.headers
    assert done.headers["HX-Refresh"] == "true"
    assert later.headers["HX-Trigger"] == "macros-copied"
    assert "As of a moment ago" in later.text


def test_a_copy_that_failed_says_why(sandbox, agent, renew):
    sandbox.change_settings(down=True)
    renew()

    text = told(agent, PAGE)

    assert "The macros could not be copied from Zendesk" in text
    assert "Zendesk answered 503" in text


def test_a_copy_that_could_not_be_renewed_is_still_searched(sandbox, agent, library, renew):
    sandbox.change_settings(down=True)
    renew()

    text = told(agent, f"{PAGE}?words=wombat")

    assert "The macros could not be renewed: Zendesk answered 503" in text
    assert "3 macros" in text


def test_an_old_copy_is_said_to_be_old(app, agent, library):
    with time_machine.travel(now() + timedelta(minutes=45), tick=True):
        assert "You see the macros as they were 45 min ago." in told(agent, PAGE)


def test_without_a_connection_the_page_says_what_is_missing(app, agent, library):
    app.config["ZENDESK_SUBDOMAIN"] = ""

    assert "not connected to a Zendesk account yet" in told(agent, PAGE)
    assert agent.get(f"{PAGE}/{library['sent']}").status_code == 404
    assert agent.get(f"{PAGE}/copy").status_code == 200


def test_without_redis_a_refresh_says_so(app, agent, library):
    form = Page(agent.get(PAGE).text).fields
    url = f"redis://127.0.0.1:{any_free()}/0"
    app.extensions["celery"].conf.broker_url = app.config["REDIS_URL"] = url
    redis.init_app(app)

    agent.open(f"{PAGE}/refresh", "POST", data=form)

    assert "Redis cannot be reached, so the macros cannot be copied now." in told(agent, PAGE)


def test_a_macro_leads_to_the_tool_that_applies_it_where_one_may_use_that(
    app, admin, agent, library
):
    tools = {tool.slug for tool in app.extensions["tools"]}

    for visitor, may in ((admin, True), (agent, False)):
        page = visitor.get(f"{PAGE}/{library['sent']}").text
        shown = f"/tools/apply-macro-to-view?macro_id={library['sent']}" in page.replace(
            "view/?", "view?"
        )
        assert shown is (may and "apply-macro-to-view" in tools)


def test_an_admin_may_use_it_too(sign_in, library):
    boss = sign_in("boss@giga.test", Role.ADMIN)

    assert "Macro search" in boss.get("/").text
    assert "4 macros" in told(boss, f"{PAGE}?words=wombat")


def queued():
    from app.extensions import redis

    messages = [json.loads(one) for one in redis.lrange("giga:zendesk", 0, -1)]
    return [one["headers"]["task"] for one in messages]
