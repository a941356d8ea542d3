"""What may befall a job, as tests bring it about."""

from io import BytesIO

import requests

from app.extensions import db
from app.models import Job, JobStatus
from app.services.change import stamped
from app.services.engine.claiming import claim
from app.services.engine.lease import Lease
from app.services.engine.mark import mark
from tests.fixtures.zendesk import Fault


def lose_answers(transport, monkeypatch, which, *, after=True, error=None):
    """Cut the connection after (or before) Zendesk took these of the update_many calls."""
    send, calls = transport.send, iter(range(1, 1000))

    def cut(request, **options):
        if "update_many" in request.url and next(calls) in which:
            transport.faults.append(Fault(error or requests.ReadTimeout(), after=after))
        return send(request, **options)

    monkeypatch.setattr(transport, "send", cut)


def forbid(transport, monkeypatch, is_forbidden):
    """Zendesk answers 403 to calls of these addresses."""
    send = transport.send

    def refuse(request, **options):
        if not is_forbidden(request.url):
            return send(request, **options)
        answer = requests.Response()
        answer.status_code = 403
        answer.raw = BytesIO(b'{"error": {"title": "Forbidden", "message": "No access"}}')
        return answer

    monkeypatch.setattr(transport, "send", refuse)


def forget_zendesk_jobs(transport, monkeypatch):
    send = transport.send

    def nowhere(request, **options):
        request.url = request.url.replace(
            "/job_statuses/show_many.json?ids=V3", "/job_statuses/show_many.json?ids=X"
        )
        return send(request, **options)

    monkeypatch.setattr(transport, "send", nowhere)


def meanwhile(transport, monkeypatch, act):
    """Let something happen while a slice waits for Zendesk's answer."""
    send = transport.send

    def send_and_act(request, **options):
        act()
        db.session.commit()
        return send(request, **options)

    monkeypatch.setattr(transport, "send", send_and_act)


def arrived(client, job, claimed):
    """These reached Zendesk, though the worker died before it knew."""
    content = {"additional_tags": ["refund"]} | mark(job.job_id)
    queued = client.update_each([stamped(content, one) for one in claimed])
    while not client.job_statuses([queued.id])[queued.id].is_over:
        pass


def started(job):
    status = db.session.query(Job.status).filter_by(id=job.id).scalar()
    db.session.rollback()
    return status == JobStatus.RUNNING


def died_while_sending(job):
    """As a worker leaves it that is killed between its note and its call. Gives the tickets."""
    claimed = claim(Lease.take(job.job_id), "a batch")
    db.session.query(Job).filter_by(id=job.id).update({"lease_expires_at": None})
    db.session.commit()
    return claimed


def page_for_all(status, body):
    def wsgi_app(_environ, start_response):
        start_response(
            f"{status} Said", [("Content-Type", "text/html"), ("Location", "/elsewhere")]
        )
        return [body.encode()]

    return wsgi_app


def lose_the_answer_to_a_commit(monkeypatch):
    """The connection is gone after the database took the next commit."""
    dialect = db.engine.dialect
    commit, answers = dialect.do_commit, iter([False])

    def cut(connection):
        commit(connection)
        if not next(answers, True):
            raise dialect.dbapi.OperationalError("the connection was lost")

    monkeypatch.setattr(dialect, "do_commit", cut)
