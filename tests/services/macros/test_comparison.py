"""Our reckoning beside Zendesk's, for every macro of the sandbox and for macros made up."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.change import Change, same
from app.services.macros import COMPARED, Account, compare, compile_macro, effect_of
from app.services.recipe import Skip
from app.services.sampling import sample
from app.zendesk.resources import Ticket
from app.zendesk.sandbox.fields import (
    ORDER_FIELD,
    PRODUCT_FIELD,
    REFUND_FIELD,
    RESOLUTION_FIELD,
    STATUSES_BY_ID,
    UNITS_FIELD,
)
from tests.services.macros.desk import ALIVE, EMPTY, FILLED, ME, OPTIONS, add, add_all, macro_of


@pytest.fixture
def ask(client):
    """Zendesk's answers for these tickets."""

    def asked(tickets, macro_id):
        return {one.id: client.apply_macro_to(one.id, macro_id) for one in tickets}

    return asked


def test_every_local_macro_of_the_library_is_reckoned_as_zendesk_does(
    sandbox, client, account, ask
):
    tickets = [client.ticket(one) for one in add_all(sandbox)]
    macros = [compile_macro(macro, ME, account) for macro in client.macros()]

    local = [macro for macro in macros if macro.is_local]
    found = {macro.id: compare(macro, tickets, ask(tickets, macro.id)) for macro in local}

    assert len(macros) > 250
    assert len(local) > 40
    assert {number: [one.sentence for one in ours] for number, ours in found.items() if ours} == {}


def test_the_fields_of_macros_with_placeholders_are_reckoned_as_zendesk_does(
    sandbox, client, account, ask
):
    tickets = [client.ticket(one) for one in add_all(sandbox)]
    macros = [compile_macro(macro, ME, account) for macro in client.macros()]

    texts = [macro for macro in macros if macro.asks_for_text and not macro.asks_for_fields]
    found = {macro.id: compare(macro, tickets, ask(tickets, macro.id)) for macro in texts}

    assert len(texts) > 150
    assert {number: [one.sentence for one in ours] for number, ours in found.items() if ours} == {}


def test_every_macro_of_the_library_is_local_or_asked_about_for_a_reason(client, account):
    macros = [compile_macro(macro, ME, account) for macro in client.macros()]

    asked = {why for macro in macros for why in macro.asks_zendesk}
    assert all(macro.is_local or macro.asks_zendesk for macro in macros)
    assert not any("We do not know" in why or "no field" in why for why in asked)


@pytest.mark.parametrize(
    ("actions", "wrong", "field", "words"),
    [
        ([("status", "solved")], [("status", "pending")], "status", "“pending”"),
        ([("current_tags", "vip")], [("current_tags", "vip x")], "tags", "“vip, x”"),
        ([("group_id", "501")], [], "group_id", "nothing by our reckoning"),
        ([("follower", "9002")], [("follower", "9003")], "followers", "“9003”"),
        ([("comment_value", "Hi")], [("comment_value", "Ho")], "comment", "“Ho”"),
        (
            [("comment_value", "Hi {{ticket.id}}"), ("comment_mode_is_public", "false")],
            [("comment_value", "Hi {{ticket.id}}")],
            "comment_mode_is_public",
            "Audience of the comment of ticket",
        ),
        (
            [(f"custom_fields_{REFUND_FIELD}", "true")],
            [(f"custom_fields_{REFUND_FIELD}", "false")],
            f"custom_fields_{REFUND_FIELD}",
            "Refund due of ticket",
        ),
    ],
)
def test_a_wrong_reckoning_is_found(sandbox, client, account, ask, actions, wrong, field, words):
    macro = sandbox.add_macro("Right", actions)
    tickets = [client.ticket(sandbox.add_ticket(status="open"))]

    found = compare(compile_macro(macro_of(*wrong), ME, account), tickets, ask(tickets, macro))

    named = {difference.field: difference for difference in found}
    assert field in named
    assert words in named[field].sentence
    assert str(tickets[0].id) in named[field].sentence


def test_a_ticket_that_moved_meanwhile_tells_nothing(sandbox, client, compiled, ask):
    macro = sandbox.add_macro("Tag", [("current_tags", "new")])
    before = client.ticket(sandbox.add_ticket())
    sandbox.set_ticket(before.id, status="solved")

    assert compare(compiled(("current_tags", "new")), [before], ask([before], macro)) == []


def test_a_comment_that_comes_out_empty_is_no_difference(sandbox, client, compiled, ask):
    action = ("comment_value", "{{ticket.assignee.name}}")
    macro = sandbox.add_macro("Name", [action])
    tickets = [client.ticket(sandbox.add_ticket(assignee_id=one)) for one in (None, 9002)]

    answers = ask(tickets, macro)

    assert effect_of(answers[tickets[0].id], tickets[0]).comment is None
    assert compare(compiled(action), tickets, answers) == []


def test_custom_statuses_say_nothing_where_the_accounts_are_not_known(sandbox, client, ask):
    actions = [("status", "solved")]
    macro = sandbox.add_macro("Solve", actions)
    tickets = [client.ticket(sandbox.add_ticket(status="open"))]
    stranger = compile_macro(macro_of(*actions), ME, Account())

    assert compare(stranger, tickets, ask(tickets, macro)) == []


def test_twenty_tickets_spread_over_the_plan_are_compared(sandbox, client, compiled, ask):
    macro = sandbox.add_macro("Right", [("status", "solved")])
    tickets = [client.ticket(sandbox.add_ticket(status="open")) for _ in range(50)]

    found = compare(compiled(("status", "hold")), tickets, ask(tickets, macro))

    assert {one.ticket_id for one in found} == {one.id for one in sample(tickets, COMPARED)}
    assert len(sample(tickets, COMPARED)) == 20


@pytest.mark.parametrize("number", [0, 1, 19, 20, 21, 50_000])
def test_a_sample_has_the_first_and_the_last(number):
    chosen = sample(range(number), COMPARED)

    assert len(set(chosen)) == min(number, 20)
    assert not number or (chosen[0], chosen[-1]) == (0, number - 1)


WORDS = st.lists(st.sampled_from(["a", "B", "vip", *OPTIONS]), max_size=3).map(" ".join)
STATUSES = [str(one.id) for one in STATUSES_BY_ID.values() if one.category not in ("new", "closed")]


def action(name, values):
    return st.tuples(
        st.just(name), values if isinstance(values, st.SearchStrategy) else one_of(values)
    )


def one_of(values):
    return st.sampled_from(values)


ACTIONS = st.lists(
    st.one_of(
        action("status", ["open", "pending", "hold", "solved"]),
        action("custom_status_id", STATUSES),
        action("type", ["question", "incident", "problem", "task"]),
        action("priority", ["low", "normal", "high", "urgent"]),
        action("group_id", ["", "501", "504"]),
        action("assignee_id", ["", "9002", "current_user"]),
        action("set_tags", WORDS),
        action("current_tags", WORDS),
        action("remove_tags", WORDS),
        action("follower", ["9001", "current_user", "9003"]),
        action("cc", ["9004"]),
        action("ticket_form_id", ["8001", "8002"]),
        action("brand_id", ["8101", "8102"]),
        action("subject", ["Renamed", ""]),
        action(f"custom_fields_{PRODUCT_FIELD}", ["", "kettle_k2", "lamp_l1"]),
        action(f"custom_fields_{RESOLUTION_FIELD}", ["", "refunded", "replaced"]),
        action(f"custom_fields_{REFUND_FIELD}", ["true", "false", True, False]),
        action(f"custom_fields_{ORDER_FIELD}", ["", "B-1"]),
        action(f"custom_fields_{UNITS_FIELD}", ["", "1", "2"]),
        action("comment_mode_is_public", ["true", "false", True, False]),
        action("comment_value", ["Hello,\n\nyou & <me>", ["channel:all", "Hi"], ""]),
        action("comment_value_html", ["<p>One <b>word</b>.</p><p>Bye</p>"]),
        action("set_skills", ["5001"]),
    ),
    max_size=6,
)
FIELDS = st.fixed_dictionaries({one: st.sampled_from([FILLED[one], EMPTY[one]]) for one in FILLED})


def model(ticket, change):
    """The ticket after the change, for those who know no rules of Zendesk's."""
    return replace(
        ticket,
        **{name: value or "" for name, value in change.fields.items()},
        tags=(ticket.tags | change.add_tags) - change.remove_tags,
        custom_fields=ticket.custom_fields | dict(change.custom_fields),
        follower_ids=tuple(sorted(change.add_followers.union(ticket.follower_ids))),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    actions=ACTIONS,
    fields=st.sampled_from(ALIVE),
    tags=st.lists(st.sampled_from(["a", "b", "vip", *OPTIONS])),
    custom_fields=FIELDS,
)
def test_any_local_macro_makes_of_any_ticket_what_zendesk_makes_of_it(
    sandbox, client, account, actions, fields, tags, custom_fields
):
    macro = sandbox.add_macro("Any", actions)
    more = {"tags": tags, "custom_fields": custom_fields}
    ticket = client.ticket(add(sandbox, fields | more))
    compiled = compile_macro(client.macro(macro), ME, account)
    answer = client.apply_macro_to(ticket.id, macro)

    decision = compiled.decide(ticket)

    change = Change() if isinstance(decision, Skip) else decision
    ours, theirs = model(ticket, change), Ticket.of(answer.ticket)
    assert not compiled.asks_for_fields
    assert ours.tags == theirs.tags
    assert ours.follower_ids == theirs.follower_ids
    for name in change.fields.keys() | {"status", "custom_status_id", "group_id", "assignee_id"}:
        assert same(getattr(ours, name), getattr(theirs, name)), name
    for number in custom_fields:
        assert same(ours.custom_fields[number], answer.custom_fields[number]), number
    assert compare(compiled, [ticket], {ticket.id: answer}) == []
    assert replace(effect_of(answer, ticket), comment=None) == replace(change, comment=None)
