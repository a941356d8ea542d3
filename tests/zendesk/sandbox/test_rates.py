"""The account's minute and the limits of single endpoints."""


def test_each_answer_tells_what_is_left_of_the_minute(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, requests_per_minute=10))

    headers = [call.get(path).headers for path in ("/users/me", "/nowhere")]

    assert [header["x-rate-limit-remaining"] for header in headers] == ["9", "8"]
    assert headers[0]["ratelimit-limit"] == "10"
    assert headers[0]["X-Request-Id"] != headers[1]["X-Request-Id"]


def test_beyond_the_limit_comes_plain_text_and_retry_after(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, requests_per_minute=1))
    call.get("/users/me")

    answer = call.get("/users/me")

    assert answer.status_code == 429
    assert answer.text == "Number of allowed API requests per minute exceeded"
    assert answer.headers["Retry-After"] == answer.headers["ratelimit-reset"]


def test_the_next_minute_begins_anew(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=6000, requests_per_minute=1))

    answers = [call.get("/users/me").status_code for _ in range(2000)]

    assert answers.count(200) > 2
    assert 429 in answers


def test_the_plan_decides_the_limit(make_sandbox, caller_of):
    call = caller_of(make_sandbox(plan="team", requests_per_minute=None))

    assert call.get("/users/me").headers["x-rate-limit"] == "200"


def test_one_view_is_counted_five_times_a_minute(make_sandbox, caller_of):
    sandbox = make_sandbox(speed=0.001)
    call, view = caller_of(sandbox), sandbox.desk.views.all()[0].id

    answers = [call.get(f"/views/{view}/count").status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_single_updates_have_a_limit_that_update_many_has_not(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, tickets_update_per_minute=1))
    first, second = (call.put(f"/tickets/{ticket}", {"ticket": {}}) for ticket in (1, 2))

    many = call.tag_many([1], "vip")

    assert first.headers["zendesk-ratelimit-tickets-update"].startswith("total=1; remaining=0;")
    assert (second.status_code, many.status_code) == (429, 200)
