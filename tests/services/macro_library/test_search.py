"""What is found is the same on both databases, whatever somebody types."""

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extensions import db
from app.models import Access, CopiedMacro, Role, UseKind
from app.services.macro_library import names, search, where_used
from app.services.macro_library.entry import entry_of
from app.services.macro_library.folding import words_in
from app.services.macro_library.query import Query
from app.services.macro_library.search import Search, Sort, State
from app.services.macros import Account
from app.zendesk.sandbox.fields import PRODUCT_FIELD, REFUND_FIELD, WAITING_FOR_PARTS
from tests.services.macro_library.conftest import person
from tests.services.macros.desk import macro_of

HOSTILE = [
    '"',
    "'",
    "\\",
    "*",
    "^refund",
    "title:refund",
    "refund AND",
    "refund OR NOT (",
    "NEAR(refund box, 2)",
    "{title rest} : x",
    "refund -sent",
    "a & | ! <-> :*",
    "'x':*A",
    "%_%",
    "; DROP TABLE macros; --",
    "\ud7ff\uffff \u202e\u200b",
    "x" * 5000,
    "a b " * 3000,
    "物" * 500,
    "👩‍🔧🔧",
    "Z͑ͫ̓a̴l̵g̶o̷",
]
PLAIN = [
    "refund",
    "REF",
    "refund sent",
    "erstattung",
    "Grüße",
    "grusse",
    "kettle k2",
    "kettle_k2",
    "firmware-4-2",
    "4.1",
    "配送所",
    "配",
    "ストライキ",
    "waiting parts",
    "Frühere",
    "l'application",
    "supplier@parts.example",
    "\uff21\uff4e",
    "360501",
    "urgent engineering",
    "e",
]


def test_found_is_what_has_for_each_word_one_that_begins_so(renew, client, somebody):
    """Computed without a database, and so the same for both."""
    renew()
    visible = {
        row.id for row in db.session.query(CopiedMacro.id).where(search.visible_to(somebody))
    }
    has = words_of_all(client)

    for typed in [*PLAIN, *HOSTILE]:
        wanted = Search(typed, state=State.ANY)
        found = {one.id for piece in search.pieces(somebody, wanted, 50) for one in piece}

        words = Query.of(typed).words
        expected = {
            macro_id
            for macro_id in visible
            if all(any(one.startswith(word) for one in has[macro_id]) for word in words)
        }
        assert found == expected, typed
        assert found or typed not in PLAIN, typed


def words_of_all(client):
    """What each macro is to be found by, computed without a database."""
    macros = list(client.macros())
    around = names.ask(client, macros, Patient())
    entries = (entry_of(macro, around) for macro in macros)
    return {one.id: {*one.title_words, *one.other_words} for one in entries}


class Patient:
    def all(self, listing):
        return list(listing)

    def patiently(self, call):
        return call()


def test_markup_is_not_searched_and_its_text_is(sandbox, renew, find):
    html = "<p class='fancy'>Your <b>par</b>cel &amp; box</p><script>steal()</script>"
    sandbox.add_macro("Parcel text", [("comment_value_html", html)])
    renew()

    assert find("parcel box") == ["Parcel text"]
    assert find("fancy") == find("steal") == []


def test_names_are_searched_and_not_only_ids(sandbox, renew, find):
    actions = {
        "A group": ("group_id", "501"),
        "A status": ("custom_status_id", str(WAITING_FOR_PARTS)),
        "A field": (f"custom_fields_{PRODUCT_FIELD}", "lamp_l1"),
        "An agent": ("assignee_id", "9002"),
        "A tag": ("current_tags", "zebra-crossing"),
        "A conversation": (
            "side_conversation",
            ["Zebra", "<p>Please</p>", "x@y.test", "text/html"],
        ),
    }
    for title, action in actions.items():
        sandbox.add_macro(f"zzz {title}", [action])
    renew()

    for words, title in {
        "billing": "A group",
        "waiting for": "A status",
        "product lamp": "A field",
        "gil": "An agent",
        "crossing": "A tag",
        "zebra please": "A conversation",
    }.items():
        assert find(f"zzz {words}") == [f"zzz {title}"]


def test_titles_come_first_and_then_what_is_used_most(sandbox, renew, find):
    for number in range(3):
        sandbox.add_macro(f"Other {number}", [("comment_value", "about wombats")])
    sandbox.add_macro("zz Wombat", [])
    renew()

    first, *rest = find("wombat")

    used = dict(db.session.query(CopiedMacro.title, CopiedMacro.usage_30d))
    assert first == "zz Wombat"
    assert rest == sorted(rest, key=lambda title: (-used[title], title))
    assert len(rest) == 3


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("words", ["", "e"])
def test_pages_follow_each_other_without_gap_or_repetition(renew, somebody, sort, words):
    renew()
    wanted = Search(words, state=State.ANY, sort=sort)

    forth, listed = [], search.page(somebody, wanted)
    forth.append(ids(listed))
    while listed.next is not None:
        listed = search.page(somebody, wanted, after=listed.next)
        forth.append(ids(listed))
    back = [ids(listed)]
    while listed.previous is not None:
        listed = search.page(somebody, wanted, before=listed.previous)
        back.append(ids(listed))

    everything = [one.id for piece in search.pieces(somebody, wanted, 7) for one in piece]
    assert [one for listed_ids in forth for one in listed_ids] == everything
    assert back == forth[::-1]
    assert len(set(everything)) == len(everything) == listed.total > 100


def ids(listed):
    return [macro.id for macro in listed.items]


def test_a_page_after_a_macro_that_is_gone_is_the_first_one(renew, somebody):
    renew()

    assert ids(search.page(somebody, Search(), after=1)) == ids(search.page(somebody, Search()))


def test_filters_leave_what_they_say(sandbox, renew, find):
    made = {
        "Off": {"active": False},
        "A": {},
        "A::B": {},
        "A::B::C": {},
        "AB::C": {},
        "Team": {"group_ids": (501,)},
    }
    for title, more in made.items():
        sandbox.add_macro(
            f"wombat {title}" if "::" not in title else f"{title}::wombat", [], **more
        )
    sandbox.add_macro("wombat reply", [("comment_value", "Hi")])
    sandbox.add_macro("wombat note", [("comment_value", "Hi"), ("comment_mode_is_public", False)])
    sandbox.add_macro("wombat tick", [(f"custom_fields_{REFUND_FIELD}", "true")])
    sandbox.add_macro("wombat lamp", [(f"custom_fields_{PRODUCT_FIELD}", "lamp_l1")])
    sandbox.add_macro("wombat tags", [("set_tags", "Wom bat")])
    renew()

    assert find("wombat", state=State.INACTIVE) == ["wombat Off"]
    assert "wombat Off" not in find("wombat", state=State.ACTIVE)
    assert set(find("wombat", category="A")) == {"A::B::C::wombat", "A::B::wombat"}
    assert find("wombat", category="A::B::C") == ["A::B::C::wombat"]
    assert find("wombat", access=Access.GROUPS) == ["wombat Team"]
    assert find("wombat", action="public_reply") == ["wombat reply"]
    assert find("wombat", action="internal_note") == ["wombat note"]
    assert set(find("wombat", action="field")) == {"wombat tick", "wombat lamp"}
    assert find("wombat", field=str(PRODUCT_FIELD)) == ["wombat lamp"]
    assert find("wombat", tag="bat") == ["wombat tags"]
    assert find("wombat", tag="lamp_l1") == ["wombat lamp"]


def test_those_never_used_are_those_with_no_use(renew, somebody):
    renew()

    found = [one for piece in search.pieces(somebody, Search(unused=True), 50) for one in piece]

    assert found
    assert {macro.usage_30d for macro in found} == {0}


def test_a_personal_macro_is_seen_by_its_owner_and_by_admins(sandbox, renew, find, make_user):
    sandbox.add_macro("Wombat diary", [("current_tags", "secret-wombat")], owner_id=9002)
    renew()
    owner = person(make_user("Agent@sandbox.test"))
    admin, other = person(make_user("boss@giga.test", Role.ADMIN)), person(make_user("x@giga.test"))

    assert find("wombat", owner) == find("wombat", admin) == ["Wombat diary"]
    assert find("wombat", other) == find("diary", other) == []
    assert search.count(other, Search(tag="secret-wombat")) == 0
    assert "secret-wombat" not in where_used.tags(other, most=10_000)
    assert "secret-wombat" in where_used.tags(owner, most=10_000)


def test_a_personal_macro_of_somebody_unknown_is_for_admins_alone(sandbox, renew, find, make_user):
    sandbox.add_macro("Wombat diary", [], owner_id=123)
    renew()

    assert find("wombat") == []
    assert find("wombat", person(make_user("boss@giga.test", Role.ADMIN))) == ["Wombat diary"]


def test_what_else_uses_a_tag_or_a_field_is_named(sandbox, renew, somebody):
    actions = [("current_tags", "wombat"), (f"custom_fields_{PRODUCT_FIELD}", "wombat_w1")]
    one = sandbox.add_macro("One", actions)
    sandbox.add_macro("Two", [("remove_tags", "wombat")])
    sandbox.add_macro("Mine alone", [("remove_tags", "wombat")], owner_id=9002)
    renew()

    shared = where_used.shared(somebody, db.session.get(CopiedMacro, one))

    by_value = {use.value: [macro.title for macro in use.others] for use in shared}
    assert by_value["wombat"] == ["Two"]
    assert [use.number for use in shared if use.value == "wombat"] == [1]
    assert by_value["wombat_w1"] == []
    assert by_value[str(PRODUCT_FIELD)]


def test_categories_have_those_above_them(renew, somebody, sandbox):
    sandbox.add_macro("Zoo::Marsupials::Small::wombat", [])
    renew()

    listed = where_used.categories(somebody)

    assert [one for one in listed if one.startswith("Zoo")] == [
        "Zoo",
        "Zoo::Marsupials",
        "Zoo::Marsupials::Small",
    ]


odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["true", "9002"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)
KINDS = [
    *(
        "status",
        "type",
        "priority",
        "group_id",
        "assignee_id",
        "set_tags",
        "current_tags",
        "follower",
    ),
    *("comment_value", "comment_value_html", "comment_mode_is_public", "side_conversation_slack"),
    *(
        "custom_fields_360001",
        "custom_fields_x",
        "custom_fields_²",
        "ticket_form_id",
        "dance",
        "subject",
    ),
]


@given(st.lists(st.tuples(st.sampled_from(KINDS), odd), max_size=4))
def test_any_value_of_an_action_can_be_copied(actions):
    around = names.Surroundings(Account(), names.KnownNames())

    entry = entry_of(macro_of(*actions), around)

    assert len(entry.digest) == 64
    assert all(kind in UseKind for kind, _ in entry.uses)


@given(st.text(), st.text())
def test_words_are_free_of_what_an_index_would_take_for_syntax(one, other):
    words = [*words_in(one), *Query.of(other).words]

    syntax = set(string.punctuation + string.whitespace + "\0")
    assert not any(set(word) & syntax for word in words)
    assert not any(word == "" or word.upper() == word != word.casefold() for word in words)


@given(st.text(min_size=1, max_size=30))
def test_a_text_finds_itself(text):
    words = set(words_in(text))

    assert all(any(has.startswith(word) for has in words) for word in Query.of(text).words)


def test_replacing_the_state_keeps_the_rest(renew, somebody):
    renew()
    wanted = Search("holiday")

    assert search.count(somebody, wanted) == 0
    assert search.other_states(somebody, wanted) == 1
    assert search.other_states(somebody, replace(wanted, state=State.ANY)) == 0
