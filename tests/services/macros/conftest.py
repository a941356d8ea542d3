"""The sandbox's macros, compiled for its account."""

import pytest

from app.services.macros import Account, compile_macro
from app.zendesk.resources import Macro

ME = 9001  # the sandbox's admin, whose token the client has


@pytest.fixture
def account(client):
    return Account.of(client.ticket_fields(), client.custom_statuses())


@pytest.fixture
def compiled(account):
    """A macro of these actions, compiled."""

    def made(*actions, **more):
        return compile_macro(macro_of(*actions), ME, account, **more)

    return made


def macro_of(*actions, macro_id=1):
    return Macro(macro_id, "Made by a test", True, "", tuple(actions), None, "")
