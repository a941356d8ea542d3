"""How many tickets a view or a search has, told while somebody chooses."""

from datetime import timedelta

import pytest
import time_machine

from app.database import now
from tests.tools.conftest import PAGE


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tags:x", "2 tickets match now."),
        ("tags:x tags:y status:open", "tickets match now."),
        ("tags:nothing", "0 tickets match now."),
        ("status:moon", "Zendesk does not understand the search: "),
        ("", ""),
    ],
)
def test_a_search_is_counted_while_one_types(agent, views, query, words):
    answer = agent.get("/choosing/search", query_string={"search": query})

    assert answer.status_code == 200
    assert words in answer.text


def test_a_search_that_cannot_be_counted_now_is_no_error(sandbox, agent):
    sandbox.change_settings(down=True)

    answer = agent.get("/choosing/search?search=tags:x")

    assert "Zendesk cannot say now" in answer.text


def count_of(view, text):
    return text.partition(f'id="count-{view}"')[2].partition("</span>")[0].partition(">")[2].strip()


def test_the_counts_come_after_the_page_and_are_kept_for_the_next(agent, views):
    first = agent.get(PAGE).text
    more = agent.get("/choosing/counts?done=0").text
    second = agent.get(PAGE).text

    assert [count_of(views[0], text) for text in (first, more, second)] == ["", "(2)", "(2)"]
    assert 'hx-swap-oob="true"' in more
    assert "/choosing/counts" in first, "there is something to count"
    assert "/choosing/counts" not in more + second, "all is counted"


def test_more_views_than_zendesk_counts_at_once_are_counted_in_turn(sandbox, agent):
    views = [sandbox.add_view(f"View {n}", lambda ticket: False) for n in range(45)]
    answers = [agent.get(f"/choosing/counts?done={n}").text for n in range(3)]

    assert [answer.count('id="count-') for answer in answers] == [20, 20, 17], (
        "with those that the account has"
    )
    assert ["/choosing/counts?done=" in answer for answer in answers] == [True, True, False]
    page = agent.get(PAGE).text
    assert {count_of(view, page) for view in views} == {"(0)"}


def test_counting_gives_up_when_zendesk_has_enough_of_it(sandbox, agent, views):
    sandbox.change_settings(count_many_per_minute=0)

    answer = agent.get("/choosing/counts?done=0")

    assert answer.status_code == 200
    assert "/choosing/counts" not in answer.text


def test_counts_grow_old_and_are_made_again(sandbox, agent, views):
    agent.get("/choosing/counts")
    sandbox.add_ticket(tags=["x"])
    assert count_of(views[0], agent.get("/choosing/counts").text) == "", "not so soon"

    with time_machine.travel(now() + timedelta(seconds=61)):
        old = agent.get(PAGE).text
        again = agent.get("/choosing/counts").text

    assert count_of(views[0], old) == "(2)", "an old one is better than none"
    assert "/choosing/counts" in old
    assert count_of(views[0], again) == "(3)"


def test_a_view_that_zendesk_is_still_counting_has_no_count_yet(sandbox, agent, views):
    sandbox.change_settings(view_count_delay=3600)
    answer = agent.get("/choosing/counts").text
    assert count_of(views[0], answer) == ""
    assert 'hx-trigger="load delay:11s"' in answer, "it will be asked again"
    sandbox.change_settings(view_count_delay=0)

    with time_machine.travel(now() + timedelta(seconds=11)):
        again = agent.get("/choosing/counts?done=1").text

    assert count_of(views[0], again) == "(2)"


def test_views_are_counted_again_when_asked_and_keep_their_ticks(sandbox, agent, views):
    agent.get("/choosing/counts")
    sandbox.add_ticket(tags=["x"])
    assert count_of(views[0], agent.get("/choosing/views").text) == "(2)", "not for a second click"

    with time_machine.travel(now() + timedelta(seconds=6)):
        again = agent.get(f"/choosing/views?view={views[1]}").text

    assert count_of(views[0], again) == "(3)"
    assert again.count(" checked ") == 1


def test_the_views_are_counted_with_the_page_where_there_is_no_script(agent, views):
    assert count_of(views[0], agent.get(f"{PAGE}?count=now").text) == "(2)"


def test_views_that_cannot_be_read_again_stay(sandbox, agent, views):
    agent.get("/choosing/counts")
    sandbox.change_settings(down=True)

    with time_machine.travel(now() + timedelta(seconds=6)):
        again = agent.get("/choosing/views").text

    assert "They could not be counted again" in again
    assert count_of(views[0], again) == "(2)"
