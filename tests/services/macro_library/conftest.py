"""A local copy of the sandbox's macros, on both databases."""

import pytest

from app.extensions import db
from app.models import CopiedMacro, User
from app.services.macro_library import copying, search
from app.services.macro_library.search import Search, State


@pytest.fixture
def renew(in_app):
    """Renew the copy, as the worker does."""

    def renew():
        done = copying.renew()
        db.session.rollback()
        return done

    return renew


@pytest.fixture
def somebody(in_app, make_user):
    """An agent who has no macros of their own."""
    return person(make_user())


def person(email) -> User:
    db.session.rollback()
    return db.session.query(User).filter_by(email=email).one()


@pytest.fixture
def find(somebody):
    """The titles that a search finds, active or not, in their order."""

    def find(words="", user=somebody, **wanted):
        wanted = {"state": State.ANY} | wanted
        return [macro.title for macro in search.page(user, Search(words, **wanted)).items]

    return find


def copied(macro_id) -> CopiedMacro | None:
    db.session.rollback()
    return db.session.get(CopiedMacro, macro_id)
