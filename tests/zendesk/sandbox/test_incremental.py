"""Incremental exports, by cursor and by time."""

import itertools
from base64 import urlsafe_b64decode

import pytest

AGENT = "agent@sandbox.test"
PATH = "/incremental/tickets/cursor"


@pytest.fixture
def read(call):
    """All that an export by cursor gives, from a start or a cursor, and where it ended."""

    def pages(**query):
        tickets = []
        while True:
            answer = call.get(PATH, **query)
            assert answer.status_code == 200, answer.json
            tickets += answer.json["tickets"]
            query = {"cursor": answer.json["after_cursor"]} | {
                name: value for name, value in query.items() if name == "per_page"
            }
            if answer.json["end_of_stream"]:
                return tickets, answer.json["after_cursor"]

    return pages


def test_it_reaches_every_ticket_once_in_order_of_what_happened(read):
    tickets, _ = read(start_time=0, per_page=70)

    stamps = [ticket["generated_timestamp"] for ticket in tickets]
    assert sorted(ticket["id"] for ticket in tickets) == list(range(1, 301))
    assert stamps == sorted(stamps)


def test_a_cursor_says_when_and_which_ticket(call):
    answer = call.get(PATH, start_time=0, per_page=1).json

    decoded = urlsafe_b64decode(answer["after_cursor"]).decode()
    ticket = answer["tickets"][0]
    assert decoded == f"{ticket['generated_timestamp']}.0||{ticket['id']}|"
    assert answer["after_url"].startswith(f"http://localhost/api/v2{PATH}?per_page=1&cursor=")


def test_it_begins_where_it_is_told(call, read):
    tickets, _ = read(start_time=0)
    middle = tickets[150]["generated_timestamp"]

    later, _ = read(start_time=middle)

    assert {one["id"] for one in later} == {
        one["id"] for one in tickets if one["generated_timestamp"] >= middle
    }


def test_what_changed_since_comes_after_the_kept_cursor(sandbox, read, call):
    _, cursor = read(start_time=0)
    sandbox.set_ticket(7, additional_tags=["fresh"])
    sandbox.delete_ticket(8)
    sandbox.set_ticket(7, additional_tags=["fresher"])
    sandbox.change_settings(incremental_delay=0)

    tickets, again = read(cursor=cursor)

    assert [(one["id"], one["status"]) for one in tickets if one["id"] == 8] == [(8, "deleted")]
    assert [one["tags"] for one in tickets if one["id"] == 7] == [sandbox.ticket(7)["tags"]]
    assert len(tickets) == 2
    assert read(cursor=again)[0] == []


def test_the_last_minute_is_left_out(make_sandbox, caller_of):
    sandbox = make_sandbox(speed=1.0)
    sandbox.set_ticket(7, additional_tags=["fresh"])

    answer = caller_of(sandbox).get(PATH, start_time=0).json

    assert answer["end_of_stream"]
    assert 7 not in {ticket["id"] for ticket in answer["tickets"]}


def test_where_nothing_happened_since_the_start_the_cursor_stands_at_the_start(sandbox, call, read):
    sandbox.change_settings(speed=0.001)
    now = sandbox.clock.now() // 1_000_000

    empty, cursor = read(start_time=now - 61)
    sandbox.set_ticket(7, additional_tags=["fresh"])
    sandbox.change_settings(speed=1000.0, incremental_delay=0)

    assert empty == []
    assert [ticket["id"] for ticket in read(cursor=cursor)[0]] == [7]


def test_an_update_without_effect_moves_only_the_generated_timestamp(sandbox, call, read):
    ticket = sandbox.add_ticket(tags=["vip"])
    sandbox.change_settings(incremental_delay=0)
    _, cursor = read(start_time=0)
    before = sandbox.ticket(ticket)["updated_at"]

    call.put(f"/tickets/{ticket}", {"ticket": {"additional_tags": ["vip"]}})

    tickets, _ = read(cursor=cursor)
    assert [(one["id"], one["updated_at"]) for one in tickets] == [(ticket, before)]


def test_a_start_within_the_last_minute_is_refused(call, sandbox):
    sandbox.change_settings(speed=0.001)
    now = sandbox.clock.now() // 1_000_000

    answer = call.get(PATH, start_time=now + 30)

    assert answer.status_code == 400
    assert answer.json["error"] == "StartTimeTooRecent"


def test_a_start_is_the_number_in_front(call):
    whole = call.get(PATH, start_time=1_000_000, per_page=3).json

    for path in (PATH, "/incremental/tickets"):
        answer = call.get(path, start_time="1000000.0", per_page=3)
        assert answer.json["tickets"] == whole["tickets"]
    assert call.get(PATH, start_time="2026-11-02T00:00:00Z").status_code == 200
    assert call.get(PATH, start_time="soon").status_code == 400
    assert call.get(PATH, start_time="9" * 30).status_code == 400


def test_it_is_for_admins(call):
    for path in (PATH, "/incremental/tickets"):
        answer = call.get(path, start_time=0, user=AGENT)

        assert answer.status_code == 403
        assert answer.json["error"]["title"] == "Forbidden"


def test_a_broken_cursor_is_refused(call):
    assert call.get(PATH, cursor="nonsense").status_code == 400
    assert call.get(PATH).status_code == 400


def test_a_page_may_come_empty_before_the_end(call, sandbox):
    sandbox.change_settings(incremental_delay=0)
    sandbox.set_ticket(1, additional_tags=["x"])
    cursor = call.get(PATH, start_time=0, per_page=1000).json["after_cursor"]
    for number in range(10):
        sandbox.set_ticket(2, subject=str(number))

    answer = call.get(PATH, cursor=cursor, per_page=1).json

    assert (answer["tickets"], answer["end_of_stream"]) == ([], False)


def test_it_goes_on_after_a_restart(make_sandbox, caller_of, tmp_path):
    path = str(tmp_path / "sandbox.db")
    before = make_sandbox(path, incremental_delay=0)
    before.set_ticket(3, additional_tags=["a"])
    cursor = caller_of(before).get(PATH, start_time=0).json["after_cursor"]
    before.set_ticket(4, additional_tags=["b"])
    before.delete_ticket(5)
    before.close()

    after = make_sandbox(path, incremental_delay=0)

    answer = caller_of(after).get(PATH, cursor=cursor).json
    assert [ticket["id"] for ticket in answer["tickets"]] == [4, 5]


def test_by_time_every_page_but_the_last_is_full_and_the_next_begins_with_its_last_second(
    make_sandbox, caller_of
):
    call = caller_of(make_sandbox(tickets=3000, history_days=1))
    pages, start, ended = [], 0, False

    while not ended:
        page = call.get("/incremental/tickets", start_time=start, per_page=500).json
        pages.append(page)
        start, ended = page["end_time"], page["end_of_stream"]

    assert {page["count"] for page in pages[:-1]} == {500}
    assert {ticket["id"] for page in pages for ticket in page["tickets"]} == set(range(1, 3001))
    assert all(
        after["tickets"][0]["generated_timestamp"] == before["end_time"]
        for before, after in itertools.pairwise(pages)
    )


def test_by_time_the_next_page_names_only_what_was_asked_for(call):
    plain = call.get("/incremental/tickets.json", start_time=0).json
    small = call.get("/incremental/tickets.json", start_time=0, per_page=5).json

    path = "http://localhost/api/v2/incremental/tickets.json"
    assert plain["next_page"] == f"{path}?start_time={plain['end_time']}"
    assert small["next_page"] == f"{path}?per_page=5&start_time={small['end_time']}"


def test_by_time_more_tickets_in_a_second_than_a_page_holds_loop_for_ever(make_sandbox, caller_of):
    sandbox = make_sandbox(tickets=0, speed=0.001, incremental_delay=-1)
    for _ in range(30):
        sandbox.add_ticket()
    sandbox.change_settings(incremental_page=20)
    call = caller_of(sandbox)

    first = call.get("/incremental/tickets", start_time=0).json
    second = call.get("/incremental/tickets", start_time=first["end_time"]).json

    assert first["end_of_stream"] is second["end_of_stream"] is False
    assert first["tickets"] == second["tickets"]
