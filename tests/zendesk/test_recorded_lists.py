"""Lists, searches and exports go on to their end, and no further."""

from itertools import islice

import pytest

from app.zendesk.errors import Unreadable
from tests.zendesk import recorded as r


def test_a_list_ends_where_there_is_no_more_though_a_link_goes_on(zendesk):
    pages = (
        r.page("tags", [{"name": "a", "count": 2}], "p2"),
        r.page("tags", [{"name": "b", "count": 1}]),
    )

    tags = list(zendesk.answers(*pages).tags())

    assert [tag.name for tag in tags] == ["a", "b"]
    assert zendesk.cursors == [None, "p2"]


def test_an_empty_page_is_not_the_end(zendesk):
    pages = r.page("tags", [], "p2"), r.page("tags", [{"name": "b", "count": 1}])

    assert [tag.name for tag in zendesk.answers(*pages).tags()] == ["b"]


def test_a_list_goes_on_from_a_cursor_that_was_kept(zendesk):
    client = zendesk.answers(r.page("groups", [r.GROUP], "p3"), r.page("groups", []))

    pages = list(client.groups().pages("p2"))

    assert [(len(page.items), page.cursor) for page in pages] == [(1, "p3"), (0, None)]
    assert zendesk.cursors == ["p2", "p3"]


def test_a_cursor_that_stays_where_it_was_is_not_followed_for_ever(zendesk):
    same = r.page("macros", [r.MACRO], "p2")
    listed = iter(zendesk.answers(same, same, same).macros())

    assert next(listed).id == 25
    with pytest.raises(Unreadable, match="cursor stays"):
        list(islice(listed, 10))


@pytest.mark.parametrize(
    "body",
    [
        {"groups": [], "meta": {"has_more": True, "after_cursor": None}},
        {"groups": [], "meta": {"has_more": "perhaps"}},
        {"groups": [], "next_page": "https://x.zendesk.test/?page=2"},
        {"groups": None},
        {"groups": [7]},
        {},
    ],
)
def test_a_list_whose_end_is_not_known_is_not_taken_for_a_short_one(zendesk, body):
    with pytest.raises(Unreadable):
        list(zendesk.answers(body).groups())


def test_lists_that_are_paged_by_number_go_on_to_the_last(zendesk):
    client = zendesk.answers(r.numbered("views", [r.VIEW], 2), r.numbered("views", [r.VIEW]))

    views = list(client.active_views())

    assert len(views) == 2
    assert [request.args["page"] for request in zendesk.asked] == ["1", "2"]


@pytest.mark.parametrize("link", ["https://x.zendesk.test/views", "http://[", "?page=two", 2])
def test_a_next_page_without_a_number_is_not_taken_for_the_end(zendesk, link):
    with pytest.raises(Unreadable):
        list(zendesk.answers(r.numbered("views", [r.VIEW]) | {"next_page": link}).active_views())


def test_a_search_says_how_many_match_and_leaves_out_what_is_no_ticket(zendesk):
    found = zendesk.answers(r.SEARCH).search("lamp")

    assert [ticket.id for ticket in found.items] == [35]
    assert (found.count, found.cursor, found.is_capped) == (48120, "2", True)
    assert zendesk.asked[0].args["query"] == "type:ticket lamp"


def test_a_search_ends_at_its_cap_though_a_link_goes_on(zendesk):
    last = r.SEARCH | r.numbered("search", [], 11)

    assert zendesk.answers(last).search("lamp", page=10).cursor is None


def test_an_export_goes_on_by_its_cursor_without_the_start(zendesk):
    client = zendesk.answers(
        r.INCREMENTAL, r.INCREMENTAL | {"after_cursor": "c2", "end_of_stream": True}
    )

    first = client.incremental_tickets(1695052663)
    second = client.incremental_tickets(cursor=first.cursor)

    assert (first.end_of_stream, second.end_of_stream, second.cursor) == (False, True, "c2")
    assert (first.items[0].status, first.items[0].generated_timestamp) == ("deleted", 1695079512)
    assert [dict(request.args) for request in zendesk.asked] == [
        {"start_time": "1695052663"},
        {"cursor": first.cursor},
    ]


def test_an_export_that_does_not_go_on_is_not_followed(zendesk):
    client = zendesk.answers(r.INCREMENTAL | {"after_cursor": "same"})

    with pytest.raises(Unreadable, match="cursor stays"):
        client.incremental_tickets(cursor="same")


def test_the_end_of_an_export_may_have_the_cursor_that_was_sent(zendesk):
    client = zendesk.answers(r.INCREMENTAL | {"after_cursor": "same", "end_of_stream": True})

    assert client.incremental_tickets(cursor="same").end_of_stream
