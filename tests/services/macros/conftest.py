"""The sandbox's macros, compiled for its account."""

import pytest

from app.services.macros import Account, compile_macro
from tests.services.macros.desk import ME, macro_of


@pytest.fixture
def account(client):
    return Account.of(client.ticket_fields(), client.custom_statuses())


@pytest.fixture
def compiled(account):
    """A macro of these actions, compiled."""

    def made(*actions, **more):
        return compile_macro(macro_of(*actions), ME, account, **more)

    return made
