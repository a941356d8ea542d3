"""What the tickets themselves tell, where Zendesk said nothing."""

from app.models import Outcome
from app.services.engine.reconcile import Reconciler
from app.services.engine.row import Row


def test_without_a_recipe_nobody_says_that_a_shared_change_was_made(sandbox, client):
    ticket = sandbox.add_ticket(tags=["vip"])
    row = Row(0, ticket, {"tags": ["vip"]}, {"tags": ["refund", "vip"]}, "", "a key", attempts=1)

    verdicts = Reconciler(client, "a job", recipe=None).verdicts([row])

    assert verdicts[ticket].outcome is Outcome.UNKNOWN
