"""Forms offer what the person may choose, and what is sent all the same is refused beside its field."""

import pytest

from app.extensions import db
from app.models import Job
from app.services import views
from tests.fixtures.running_jobs import permit
from tests.fixtures.visitor import Page

PAGE = "/tools/tag-manager"
TAGS = {"operation": "add_tags", "tags": "refund", "limit": "100"}


@pytest.fixture
def listed(in_app, sandbox):
    """Two of Zendesk's views."""
    first, second, *_ = views.listed().titles
    return first, second


def jobs_made():
    db.session.rollback()
    return db.session.query(Job).count()


def test_only_the_views_that_are_open_are_offered(agent, listed):
    mine, other = listed
    permit("user", "tag-manager", view_ids=frozenset({mine}))

    for page in (PAGE, "/choosing/views?tool=tag-manager"):
        text = agent.open(page).text
        assert f'name="view" type="checkbox" value="{mine}"' in text
        assert f'value="{other}"' not in text
    form = agent.get(PAGE).text
    assert 'value="search"' not in form
    assert 'value="ids"' not in form


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"source": "view", "view": "other"}, "You may not choose tickets of this view."),
        ({"source": "search", "search": "status<solved"}, "only by the views that are open to you"),
        ({"source": "ids", "ticket_ids": "1 2"}, "only by the views that are open to you"),
    ],
)
def test_a_forged_choice_is_refused_beside_its_field(agent, listed, chosen, words):
    mine, other = listed
    permit("user", "tag-manager", view_ids=frozenset({mine}))
    chosen = {name: other if value == "other" else value for name, value in chosen.items()}

    answer = agent.submit(PAGE, **TAGS | chosen)

    assert answer.status_code == 422
    assert words in Page(answer.text).text
    assert jobs_made() == 0


def test_of_several_views_no_job_is_made_if_one_may_not_be_chosen(agent, listed):
    permit("user", "tag-manager", view_ids=frozenset({listed[0]}))

    answer = agent.submit(PAGE, **TAGS, source="view", view=[*map(str, listed)], apart="1")

    assert answer.status_code == 422
    assert jobs_made() == 0


def test_the_most_is_what_the_person_may_have(agent, listed):
    permit("user", "tag-manager", largest_job=50)

    form = agent.get(PAGE).text
    assert 'value="50"' in form
    assert "The most is 50." in form
    refused = agent.submit(PAGE, **TAGS, source="view", view=listed[0])

    assert refused.status_code == 422
    assert "Type a whole number from 1 to 50." in refused.text


def test_tags_are_told_only_of_tickets_that_may_be_chosen(agent, sandbox, listed):
    address = f"{PAGE}/tags?start=only-here&source=ids&ticket_ids="
    ticket = sandbox.add_ticket(tags=["only-here"])
    assert agent.get(f"{address}{ticket}").json["tags"][0]["words"] == "on 1 of the 1"
    permit("user", "tag-manager", view_ids=frozenset({listed[0]}))

    told = agent.get(f"{address}{ticket}").json["tags"]

    assert [one["words"] for one in told] in ([], [""])


def test_a_tool_that_is_not_open_is_not_offered(in_app, agent):
    assert PAGE in agent.get("/").text
    permit("user", "tag-manager", may_use=False)

    assert PAGE not in agent.get("/").text
    answer = agent.get(PAGE)
    assert answer.status_code == 403
    assert "You may not use “Tag manager”." in answer.text


SEARCH = "/choosing/search?search=status<solved"


@pytest.mark.parametrize(
    "limits", [{"may_use": False}, {"view_ids": frozenset({1})}, {"view_ids": frozenset()}]
)
def test_who_can_choose_nothing_by_a_search_is_told_nothing_of_it(in_app, sandbox, agent, limits):
    permit("user", "tag-manager", **limits)
    before = sandbox.summary()["requests"]

    answer = agent.open(SEARCH)

    assert answer.status_code == 403
    assert sandbox.summary()["requests"] == before


@pytest.mark.parametrize("view_ids", [None, frozenset({1})])
def test_tickets_of_other_groups_are_not_counted_for_anybody(in_app, sandbox, agent, view_ids):
    permit("user", "tag-manager", group_ids=frozenset({1}), view_ids=view_ids)
    before = sandbox.summary()["requests"]

    answer = agent.open(SEARCH)

    assert answer.text == "How many tickets of your groups this finds, the plan will say."
    assert sandbox.summary()["requests"] == before


def test_one_tool_without_limits_is_enough_to_know_what_a_search_finds(in_app, agent):
    permit("user", "tag-manager", group_ids=frozenset({1}))
    permit("user", "apply-macro-to-view", may_use=True)

    assert "match" in agent.open(SEARCH).text


def test_the_counts_of_other_views_are_not_told(agent, listed):
    mine, other = listed
    permit("user", "tag-manager", view_ids=frozenset({mine}))

    counts = agent.open("/choosing/counts").text

    assert f'id="count-{mine}"' in counts
    assert f'id="count-{other}"' not in counts
