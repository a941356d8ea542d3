"""Nobody uses up the account's limits by typing."""

import pytest

from app.services import allowance

ASKING = [
    "/choosing/search?search=tags:x",
    "/choosing/views",
    "/choosing/counts",
    "/tools/tag-manager/tags?start=re",
]


@pytest.mark.parametrize("address", ASKING)
def test_who_asks_too_much_is_told_and_zendesk_is_not_asked(
    sandbox, agent, sign_in, monkeypatch, address
):
    agent.get("/tools/tag-manager")  # which reads the views
    monkeypatch.setattr(allowance, "A_MINUTE", 2)
    for _ in range(2):
        assert agent.get("/choosing/search?search=tags:other").status_code == 200
    before = sandbox.summary()["requests"]

    answer = agent.get(address)

    assert answer.status_code == 200
    assert sandbox.summary()["requests"] == before
    sign_in("other@giga.test").get("/choosing/search?search=tags:third")
    assert sandbox.summary()["requests"] > before, "others are not held up"


def test_it_is_said_in_words(agent, monkeypatch):
    monkeypatch.setattr(allowance, "A_MINUTE", 0)

    assert allowance.TROUBLE in agent.get("/choosing/search?search=tags:x").text
    assert agent.get("/tools/tag-manager/tags?start=re").json["is_partial"]
