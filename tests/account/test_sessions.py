"""The page on which people see where they are signed in."""

import re

from tests.fixtures.visitor import Visitor

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in_elsewhere(app, email="agent@giga.test"):
    visitor = Visitor(app)
    visitor.http.environ_base |= {"REMOTE_ADDR": "198.51.100.4", "HTTP_USER_AGENT": FIREFOX}
    visitor.sign_in(email)
    return visitor


def number_of(page):
    return re.search(r'name="session" value="(\d+)"', page.text)[1]


def test_each_is_told_in_plain_words_and_this_one_is_marked(app, agent):
    signed_in_elsewhere(app)

    page = agent.get("/account/sessions").text

    assert "<strong>Firefox on Windows</strong>" in page
    assert "198.51.100.4" in page
    assert page.count("This one") == 1
    assert page.count('name="session"') == 1  # this one is ended by signing out


def test_one_is_ended(app, agent, audited):
    elsewhere = signed_in_elsewhere(app)
    number = number_of(agent.get("/account/sessions"))

    answer = agent.submit("/account/sessions", "/account/sessions/end", session=number)

    assert "The session of Firefox on Windows is ended." in agent.get(answer.location).text
    assert elsewhere.get("/").status_code == 302
    assert audited("session.end")[0][2]["browser_address"] == "198.51.100.4"


def test_all_others_are_ended(app, agent):
    others = [signed_in_elsewhere(app) for _ in range(2)]

    answer = agent.submit("/account/sessions", "/account/sessions/end-others")

    assert "2 other sessions are ended." in agent.get(answer.location).text
    assert [one.get("/").status_code for one in others] == [302, 302]


def test_nobody_ends_or_sees_another_persons(app, agent, sign_in):
    signed_in_elsewhere(app)
    number = number_of(agent.get("/account/sessions"))
    other = sign_in("other@giga.test")

    answer = other.submit("/account/sessions", "/account/sessions/end", session=number)

    assert "had ended already" in other.get(answer.location).text
    assert "Firefox" not in other.get("/account/sessions").text
    assert number_of(agent.get("/account/sessions")) == number


def test_what_a_browser_says_of_itself_is_no_page_of_ours(app, agent, make_user):
    hostile = Visitor(app)
    hostile.http.environ_base["HTTP_USER_AGENT"] = "<script>alert(1)</script>" * 100
    hostile.sign_in("agent@giga.test")

    page = agent.get("/account/sessions").text

    assert "Another program" in page
    assert "alert(1)" not in page
