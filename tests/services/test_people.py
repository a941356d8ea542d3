"""People as admins handle them, where two do so at the same moment."""

from threading import Thread

import pytest

from app.database import writing
from app.extensions import db
from app.models import Role, Scope, User
from app.services import account_links, accounts, api_tokens, people
from app.services.account_links import LinkGone
from app.services.permissions import NotPermitted

ADA, EVE = "ada@giga.test", "eve@giga.test"


@pytest.fixture
def admins(in_app, make_user):
    make_user(ADA, Role.ADMIN)
    make_user(EVE, Role.ADMIN)
    with writing():
        yield in_app


def admins_left():
    db.session.rollback()
    here = db.session.query(User).filter_by(role=Role.ADMIN, enabled=True)
    return [user.email for user in here.order_by(User.email)]


def demote(by, whom):
    people.set_role(accounts.by_email(whom), Role.USER, by and accounts.by_email(by))


def switch_off(by, whom):
    people.deactivate(accounts.by_email(whom), by and accounts.by_email(by))


@pytest.mark.parametrize("deed", [demote, switch_off])
def test_two_admins_who_do_it_to_each_other_at_once_leave_one(admins, deed):
    refusals = []

    def the_other():
        with admins.app_context(), writing():
            try:
                deed(EVE, ADA)
                db.session.commit()
            except NotPermitted as refused:
                refusals.append(str(refused))

    deed(ADA, EVE)
    other = Thread(target=the_other)
    other.start()
    other.join(0.1)  # by now it has looked at what it may, if nothing kept it waiting
    db.session.commit()
    other.join()

    assert admins_left() == [ADA]
    assert refusals == ["You are not an admin any more. Nothing was changed."]


@pytest.mark.parametrize("deed", [demote, switch_off])
def test_an_admin_cannot_do_it_to_themself(admins, deed):
    with pytest.raises(NotPermitted, match="another admin can"):
        deed(ADA, ADA)

    assert admins_left() == [ADA, EVE]


@pytest.mark.parametrize("deed", [demote, switch_off])
def test_the_last_admin_who_can_come_in_stays_one(admins, deed):
    switch_off(ADA, EVE)
    people.invite("new@giga.test", Role.ADMIN, accounts.by_email(ADA))
    db.session.commit()

    with pytest.raises(NotPermitted, match="is the last admin"):
        deed(None, ADA)

    assert admins_left() == [ADA, "new@giga.test"]


def test_links_that_an_admin_made_end_with_their_power(admins, make_user):
    make_user("agent@giga.test")
    _, token = people.make_link(accounts.by_email("agent@giga.test"), accounts.by_email(EVE))
    demote(ADA, EVE)
    db.session.commit()

    with pytest.raises(LinkGone):
        account_links.use(token, "blue kettle tram", "")


def test_a_link_is_used_once_also_by_two_at_the_same_moment(admins, make_user):
    make_user("agent@giga.test")
    _, token = people.make_link(accounts.by_email("agent@giga.test"), accounts.by_email(ADA))
    db.session.commit()
    outcomes = []

    def use(password):
        with admins.app_context(), writing():
            try:
                account_links.use(token, password, "")
                outcomes.append(password)
            except LinkGone:
                outcomes.append(None)

    both = [Thread(target=use, args=[words]) for words in ("blue kettle tram", "green kettle tram")]
    for one in both:
        one.start()
    for one in both:
        one.join()

    (winner,) = filter(None, outcomes)
    assert accounts.authenticate("agent@giga.test", winner).refusal == ""


def test_a_long_list_is_paged_by_email_and_looked_through(admins):
    db.session.add_all(User(email=f"p{number:03}@giga.test") for number in range(120))
    db.session.commit()

    first = people.page()
    second = people.page(after=first.next)
    back = people.page(before=second.previous)

    assert [first.items[0].email, first.items[2].email] == [ADA, "p000@giga.test"]
    assert second.items[0].email == "p048@giga.test"
    assert [one.email for one in back.items] == [one.email for one in first.items]
    assert [one.email for one in people.page("P11").items] == [
        f"p11{number}@giga.test" for number in range(10)
    ]
    assert people.page("%").items == []


def test_whoever_is_switched_off_has_no_programs_left_when_they_are_let_in_again(admins):
    eve = accounts.by_email(EVE)
    secret = api_tokens.create(eve, "Nightly", Scope.READ, days=7)
    db.session.commit()
    assert api_tokens.owner_of(secret) is not None

    switch_off(ADA, EVE)
    people.activate(accounts.by_email(EVE), accounts.by_email(ADA))
    db.session.commit()

    assert api_tokens.owner_of(secret) is None
