"""The macros of these tests, and what tests look at afterwards."""

from app.extensions import db
from app.models import JobTicket
from app.services import jobs
from app.services.engine.slices import advance
from app.zendesk.sandbox.fields import SYMPTOMS_FIELD
from tests.fixtures.running_jobs import finish

SOLVE = (("status", "solved"), ("current_tags", "refund"))
REPLY = (*SOLVE, ("comment_value_html", "<p>Your money is on its way.</p>"))
GREETING = (("comment_value_html", "<p>We are at ticket {{ticket.id}}.</p>"),)
INTERNAL = (("comment_value", "Refunded."), ("comment_mode_is_public", "false"))
UNCLEAR = ((f"custom_fields_{SYMPTOMS_FIELD}", "leaking"), ("priority", "high"))


def row_of(job, ticket_id):
    return db.session.query(JobTicket).filter_by(job_id=job.id, ticket_id=ticket_id).one()


def comments_on(sandbox, ticket_id):
    return [one["comment"] for one in sandbox.truth(ticket_id) if one["comment"]]


def asked_for_renderings(sandbox):
    return sandbox.requests["GET /api/v2/tickets/{ticket_id}/macros/{id}/apply"]


def put_words(sandbox, job, words):
    sandbox.set_macro(job.arguments["macro_id"], actions=[("comment_value_html", words)])


def go(job, pace=None):
    """Apply the plan, and run it to its end or for one slice at this pace."""
    db.session.refresh(job)
    number = str(job.planned_count)
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False, typed_count=number)
    db.session.commit()
    if pace:
        advance(job.job_id, pace)
    else:
        finish(job)
