"""The local copy is what Zendesk has, however often and by whomever it is renewed."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text

from app.database import now
from app.extensions import WORD_INDEX, db
from app.models import CopiedMacro, MacroUse
from app.services.connection import NotConnected
from app.services.macro_library import copying, freshness, names
from app.services.macro_library.freshness import Lease
from tests.fixtures.zendesk import BASE_URL
from tests.services.macro_library.conftest import copied


def test_all_macros_are_copied_in_words(sandbox, renew, client):
    macro = sandbox.add_macro(
        "Billing::Refund",
        [
            ("group_id", "501"),
            ("ticket_form_id", "8002"),
            ("brand_id", "8102"),
            ("assignee_id", "9002"),
        ],
        description="For Ada",
    )

    assert renew()

    assert db.session.scalar(select(func.count(CopiedMacro.id))) == len(list(client.macros()))
    one = copied(macro)
    assert (one.category, one.name, one.description) == ("Billing", "Refund", "For Ada")
    assert one.sentences == [
        "Set group to Billing",
        "Set form to Returns and repairs",
        "Set brand to Hearth Trade",
        "Assign to Gil Sandbox",
    ]


def test_the_names_are_told_from_the_copy(renew):
    renew()

    known = names.known()

    assert known.of("group", 501) == "Billing"
    assert known.of("brand", 8102) == "Hearth Trade"
    assert known.of("agent", 1) is None


def test_a_second_copy_has_what_changed_came_and_went(sandbox, renew, monkeypatch):
    kept, changed = (sandbox.add_macro(title, [("status", "open")]) for title in "ab")
    renew()
    sandbox.set_macro(changed, title="b, but better", actions=[("current_tags", "x")])
    new = sandbox.add_macro("c", [])
    forget(monkeypatch, sandbox, kept)

    renew()

    assert copied(kept) is None
    assert copied(changed).title == "b, but better"
    assert copied(changed).uses[0].value == "current_tags"
    assert copied(new) is not None
    assert index_size() == db.session.scalar(select(func.count(CopiedMacro.id)))


def test_what_did_not_change_is_not_written_again(renew, statements):
    renew()

    asked = statements(renew)

    assert not [one for one in asked if one.startswith("INSERT")]
    assert [one for one in asked if one.startswith("UPDATE macro_copies")]


def test_a_group_with_a_new_name_is_called_so_in_its_macros(sandbox, renew, monkeypatch):
    macro = sandbox.add_macro("To billing", [("group_id", "501")])
    renew()
    rename_group(monkeypatch, sandbox, 501, "Money")

    renew()

    assert copied(macro).sentences == ["Set group to Money"]


def test_how_often_a_macro_was_used_is_known(sandbox, renew, client):
    renew()

    asked = {macro.id: macro.usage["30d"] for macro in client.macros(usage="30d")}
    kept = dict(db.session.execute(select(CopiedMacro.id, CopiedMacro.usage_30d)).all())
    assert kept == asked
    assert freshness.look().tells_usage


def test_a_failed_copy_keeps_the_old_one_and_says_why(sandbox, renew):
    renew()
    before = freshness.look().copied_at
    sandbox.change_settings(down=True)

    assert not renew()

    after = freshness.look()
    assert after.copied_at == before
    assert "Zendesk answered 503" in after.trouble
    assert not after.is_renewing
    assert db.session.scalar(select(func.count(CopiedMacro.id))) > 100


def test_a_copy_that_works_again_forgets_the_trouble(sandbox, renew):
    sandbox.change_settings(down=True)
    renew()
    sandbox.change_settings(down=False)

    renew()

    assert freshness.look().trouble == ""


def test_two_at_once_make_one_copy(renew):
    renew()
    lease = Lease.take(BASE_URL)
    before = freshness.look()

    assert not renew()

    assert before.is_renewing
    assert freshness.look().copied_at == before.copied_at
    lease.give_up("")
    assert renew()


def test_whoever_lost_the_lease_writes_nothing(sandbox, renew, transport):
    macro = sandbox.add_macro("Mine", [])
    renew()
    sandbox.set_macro(macro, title="Not mine any more")
    answer, taken = transport.wsgi_app, []

    def taken_over_meanwhile(environ, start_response):
        if "/brands" in environ["PATH_INFO"]:
            with time_machine.travel(now() + timedelta(minutes=5)):
                taken.append(Lease.take(BASE_URL))
        return answer(environ, start_response)

    transport.wsgi_app = taken_over_meanwhile

    assert not renew()

    assert taken[0]
    assert copied(macro).title == "Mine"


def test_a_worker_that_died_does_not_stop_the_next_for_long(renew):
    Lease.take(BASE_URL)

    with time_machine.travel(now() + timedelta(seconds=61)):
        assert renew()


def test_another_account_does_not_show_the_macros_of_the_last_one(in_app, renew):
    renew()
    in_app.config["ZENDESK_BASE_URL"] = "http://other.test"

    assert freshness.look().copied_at is None
    db.session.rollback()
    Lease.take("http://other.test")

    for model in (CopiedMacro, MacroUse):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert index_size() == 0
    assert names.known().by_id == {}


def test_without_a_connection_nothing_is_copied_and_nothing_is_due(in_app):
    in_app.config["ZENDESK_SUBDOMAIN"] = ""

    assert not freshness.is_due()
    with pytest.raises(NotConnected):
        copying.renew()


@pytest.mark.parametrize(
    ("minutes", "down", "due"),
    [(9, False, False), (11, False, True), (1, True, False), (3, True, True)],
)
def test_a_copy_is_renewed_when_it_is_old_and_a_failed_one_sooner(
    sandbox, renew, minutes, down, due
):
    assert freshness.is_due()
    sandbox.change_settings(down=down)
    renew()

    with time_machine.travel(now() + timedelta(minutes=minutes)):
        assert freshness.is_due() is due


def test_an_account_that_does_not_tell_use_is_copied_all_the_same(sandbox, renew, transport):
    refuse(transport, "include=usage")

    assert renew()

    assert not freshness.look().tells_usage
    assert db.session.scalar(select(func.max(CopiedMacro.usage_30d))) is None


def test_names_that_may_not_be_seen_stay_as_they_were(sandbox, renew, transport):
    renew()
    refuse(transport, "/brands")
    macro = sandbox.add_macro("Trade", [("brand_id", "8102")])

    assert renew()

    assert copied(macro).sentences == ["Set brand to Hearth Trade"]


def index_size():
    return db.session.scalar(text(f"SELECT count(*) FROM {WORD_INDEX}"))


def forget(monkeypatch, sandbox, macro_id):
    """Let the sandbox have this macro no more."""
    left = [macro for macro in sandbox.desk.macros.all() if macro.id != macro_id]
    monkeypatch.setattr(sandbox.desk.macros, "all", lambda: left)


def rename_group(monkeypatch, sandbox, number, name):
    groups = sandbox.desk.directory.groups

    def renamed(base_url):
        return [one | ({"name": name} if one["id"] == number else {}) for one in groups(base_url)]

    monkeypatch.setattr(sandbox.desk.directory, "groups", renamed)


def refuse(transport, part):
    """Zendesk says no to each address that has this part."""
    answer = transport.wsgi_app

    def refusing(environ, start_response):
        if part not in f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}":
            return answer(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "application/json")])
        return [b'{"error": "Forbidden", "description": "Not for you"}']

    transport.wsgi_app = refusing
