"""Issues with tickets, as a night of the pipeline leaves them."""

import pytest

from app.database import now, writing
from app.extensions import db
from app.models import Issue, IssueTicket
from app.services.insights import tending

TOASTER = ("Toaster burns the bread", "Every slice comes out black.")


@pytest.fixture
def put_issue(put_tickets):
    """Put an issue with so many tickets into the database, each from another customer. Gives the issue."""

    def put(label="Toaster burns bread", tickets=3, first=1, texts=None, ticket=(), **values):
        texts = texts or [TOASTER] * tickets
        ids = []
        for number, text in enumerate(texts, first):
            ids += put_tickets(text, first=number, **{"requester_id": number, **dict(ticket)})
        with writing():
            issue = Issue(label=label, **{"phrases": [], "quoted_ticket_ids": ids[:2], **values})
            db.session.add(issue)
            db.session.flush()
            db.session.add_all(
                IssueTicket(ticket_id=one, issue_id=issue.id, similarity=0.9, joined_at=now())
                for one in ids
            )
            db.session.flush()
            tending.recount([issue.id])
            db.session.commit()
        return issue

    return put
