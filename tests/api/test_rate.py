"""How often a token may call."""

from redis import Redis

from app.extensions import redis
from tests.api.test_problems import problem


def test_too_many_calls_are_told_to_wait(app, program, program_of):
    app.config["API_READS_A_MINUTE"] = 2

    first, second, third = (program.get("/jobs") for _ in range(3))

    told = problem(third, 429)
    assert [one.headers["RateLimit-Remaining"] for one in (first, second, third)] == ["1", "0", "0"]
    assert first.headers["RateLimit-Limit"] == "2"
    assert 1 <= int(third.headers["Retry-After"]) <= 60
    assert f"Go on in {third.headers['Retry-After']} s." in told["detail"]
    assert program_of("other@giga.test").get("/jobs").status_code == 200


def test_writing_is_counted_apart(app, program):
    app.config |= {"API_READS_A_MINUTE": 1, "API_WRITES_A_MINUTE": 1}
    program.get("/jobs")

    assert program.post("/jobs", {}).status_code == 422
    problem(program.post("/jobs", {}), 429)


def test_without_redis_nobody_is_turned_away(app, program, monkeypatch):
    monkeypatch.setattr(redis, "client", Redis.from_url("redis://127.0.0.1:1", retry=None))
    app.config["API_READS_A_MINUTE"] = 1

    answers = [program.get("/jobs") for _ in range(3)]

    assert {one.status_code for one in answers} == {200}
    assert "RateLimit-Limit" not in answers[0].headers
