"""What the made-up help desk is like."""

from collections import Counter

import pytest

from app.zendesk.sandbox.episodes import EPISODES


@pytest.fixture
def desk(make_sandbox):
    return make_sandbox(tickets=6000)


def tickets(sandbox):
    return [sandbox.ticket(number) for number in range(1, 6001)]


def test_an_issue_begins_in_its_week_and_not_before(desk):
    made = {ticket["id"]: ticket["created_at"][:10] for ticket in tickets(desk)}
    issues = {}
    for number, day in made.items():
        issues.setdefault(desk.problem_of(number), []).append(day)

    assert min(issues["kettle-firmware"]) >= "2026-09-24"
    assert min(issues["phone-system-15"]) >= "2026-10-20"
    assert max(issues["depot-strike"]) <= "2026-09-03"
    assert all(len(issues[episode.key]) > 10 for episode in EPISODES)


def test_a_payment_outage_is_a_wave_of_three_days(desk):
    about = Counter(
        ticket["created_at"][:10]
        for ticket in tickets(desk)
        if desk.problem_of(ticket["id"]) == "payment-outage"
    )

    assert len(about) <= 4
    assert max(about.values()) > 15


def test_a_firmware_issue_is_about_one_product_and_told_in_several_languages(desk):
    told = [t for t in tickets(desk) if desk.problem_of(t["id"]) == "kettle-firmware"]

    products = {{f["id"]: f["value"] for f in t["custom_fields"]}[360_002] for t in told}
    assert products == {"kettle_k2"}
    assert len({ticket["subject"] for ticket in told}) > 12
    assert any("Wasserkocher" in ticket["subject"] for ticket in told)


def test_tickets_are_in_many_scripts_and_some_are_hostile(desk):
    texts = "\n".join(t["subject"] + t["description"] for t in tickets(desk))

    for sign in ("ä", "é", "¿", "ケトル", "الغلاية", "🔥", "<script>", "=HYPERLINK", "\u202e"):
        assert sign in texts


def test_hardly_two_tickets_read_the_same(desk):
    texts = Counter(ticket["description"] for ticket in tickets(desk))

    assert len(texts) > 4000
    assert texts.most_common(1)[0][1] < 60


def test_a_ticket_does_not_depend_on_what_else_was_read(make_sandbox):
    one, other = make_sandbox(), make_sandbox()
    for number in range(300, 0, -1):
        other.ticket(number)

    assert [one.ticket(n) for n in range(1, 301)] == [other.ticket(n) for n in range(1, 301)]
