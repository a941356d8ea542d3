"""Accounts: which emails and passwords are taken, and whose they are."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from app.extensions import db
from app.models import Role, User
from app.models import user as user_module
from app.services import accounts
from app.services.accounts import AccountRefused
from deploy.credentials import Credentials
from tests.fixtures.giga import PASSWORD, hashed

EMAIL = "ada.lovelace@example.com"


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiop123",
        "P@ssw0rd1234",
        "iloveyou12345",
        "aaaaaaaaaaaaaa",
        "abcdefghijklmn",
        "giga tools zendesk",
        "z-e-n-d-e-s-k-1",
        "l0velace-lovelace",
        "Ada.Lovelace@example.com",
        "------------",
    ],
)
def test_a_password_that_is_tried_first_is_refused_however_it_is_disguised(password):
    with pytest.raises(AccountRefused, match="among those that are tried first") as refused:
        accounts.check_password(password, EMAIL)

    assert password not in str(refused.value)


@pytest.mark.parametrize(
    ("password", "words"),
    [("kettle tram", "at least 12 characters"), ("kettle tram " * 11, "at most 128 characters")],
)
def test_a_password_has_a_length(password, words):
    with pytest.raises(AccountRefused, match=words):
        accounts.check_password(password, EMAIL)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "blue kettle tram", "ünïcödé kettle", "x7$Kq!29vB#m", "quiet tram kettle " * 7],
)
def test_a_password_that_is_hard_to_guess_is_taken(password):
    accounts.check_password(password, EMAIL)


def test_a_password_of_many_disguises_keeps_nobody_busy(monkeypatch):
    # What zxcvbn does with a sign that may be several letters grows with the product of all of them.
    looked_at = []
    monkeypatch.setattr(
        accounts, "zxcvbn", lambda text, **_: looked_at.append(text) or {"score": 4}
    )

    accounts.check_password("4@8({[<369|1!7+0$5%2" * 3, EMAIL)

    kinds = [set(text) & set("4@8({[<369|1!7+0$5%2") for text in looked_at]
    assert [len(one) for one in kinds] == [8, 8]


def test_the_demo_can_make_its_accounts():
    for email, password in Credentials().passwords().items():
        accounts.check_password(password, email)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ada", "is not an email address"),
        ("ada@", "is not an email address"),
        ("ada @example.com", "is not an email address"),
        ("ada@example.com\nBcc: eve@evil.test", "This is not an email address"),
        ("ada\x7f@example.com", "This is not an email address"),
        ("ada@-example.com", "is not an email address"),
        ("ada@example..com", "is not an email address"),
        ("<script>@example.com", "is not an email address"),
        ("ada@ex\u0430mple.com", "plain letters"),
        ("ada@example.com\u202e", "plain letters"),
        ("a" * 60 + "@" + "b." * 110 + "com", "at most 254 characters"),
    ],
)
def test_what_is_no_email_is_refused_in_words(in_app, typed, words):
    with pytest.raises(AccountRefused, match=words):
        accounts.create_without_password(typed, Role.USER)

    assert db.session.query(User).count() == 0


def test_an_email_in_other_capitals_is_the_same_persons(in_app):
    accounts.create_user("Ada.O'Neil+giga@Example.com", Role.USER, "blue kettle tram")

    with pytest.raises(AccountRefused, match="There is an account"):
        accounts.create_without_password(" ada.o'neil+giga@example.COM ", Role.USER)


def test_two_who_make_the_same_account_at_once_make_one(in_app, monkeypatch):
    accounts.create_user(EMAIL, Role.USER, "blue kettle tram")
    db.session.commit()
    monkeypatch.setattr(accounts, "by_email", lambda _: None)  # as it was when they looked

    with pytest.raises(AccountRefused, match="There is an account"):
        accounts.create_without_password(EMAIL, Role.ADMIN)


def test_an_account_without_a_password_lets_nobody_in(in_app):
    accounts.create_without_password(EMAIL, Role.USER)
    db.session.commit()

    assert accounts.authenticate(EMAIL, "").refusal == "wrong password"
    assert accounts.authenticate(EMAIL, "blue kettle tram").refusal == "wrong password"


def kept(email):
    return accounts.by_email(email).password_hash


def test_a_hash_is_made_anew_when_hashes_have_become_dearer(in_app, make_user, monkeypatch):
    email = make_user()
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(user_module.hasher, "_parameters", dearer._parameters)  # noqa: SLF001

    assert accounts.authenticate(email, "wrong").refusal == "wrong password"
    assert kept(email) == hashed(PASSWORD)
    assert accounts.authenticate(email, PASSWORD).refusal == ""
    db.session.commit()

    assert not dearer.check_needs_rehash(kept(email))
    assert accounts.authenticate(email, PASSWORD).refusal == ""


def test_a_hash_is_checked_whether_there_is_the_account_or_not(in_app, make_user, monkeypatch):
    checked = []
    verify = PasswordHasher.verify

    def noting(self, kept, password):
        checked.append(kept)
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", noting)
    email = make_user()

    tried = [accounts.authenticate(who, "wrong").refusal for who in (email, "nobody@giga.test")]
    accounts.by_email(email).enabled = False
    db.session.commit()
    tried.append(accounts.authenticate(email, PASSWORD).refusal)

    assert tried == ["wrong password", "no such account", "switched off"]
    assert len(checked) == 3


def test_the_real_hashes_cost_what_is_recommended():
    assert "$m=65536,t=3,p=4$" in PasswordHasher().hash("x")


def test_a_try_costs_the_same_work_whether_there_is_an_account_or_not(in_app, monkeypatch):
    checked, verify = [], PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher,
        "verify",
        lambda self, kept, password: checked.append(kept) or verify(self, kept, password),
    )
    ada = accounts.create_user("ada@giga.test", Role.USER, PASSWORD)
    off = accounts.create_user("bob@giga.test", Role.USER, PASSWORD)
    off.enabled = False
    db.session.commit()

    for email in (ada.email, off.email, "nobody@giga.test"):
        accounts.authenticate(email, "a wrong password")

    assert checked[0] == ada.password_hash
    assert checked[0].startswith("$argon2id$")
    assert [extract_parameters(one) for one in checked] == [extract_parameters(checked[0])] * 3
