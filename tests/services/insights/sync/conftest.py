"""A help desk of 60 tickets, which an export gives on three pages, and a run that syncs it."""

import time
from dataclasses import dataclass, field
from io import BytesIO

import pytest
import requests
from sqlalchemy import select

from app.database import now
from app.extensions import db
from app.models import MirroredTicket
from app.services.insights.syncing import sync
from app.zendesk.resources import ExportedTicket

SLICE = 20.0  # seconds
AS_LONG_AS_IT_TAKES = 500  # slices


@dataclass
class Run:
    """A pipeline run as a stage sees it; `checks` are done in turn, as the lease is."""

    options: dict = field(default_factory=lambda: {"backfill_days": 365})
    checks: list = field(default_factory=list)

    def check(self):
        if self.checks:
            self.checks.pop(0)()


@pytest.fixture
def sandbox(make_sandbox):
    return make_sandbox(tickets=60, incremental_page=20, incremental_delay=0)


@pytest.fixture
def synced(in_app):
    """Sync until it is over, with waits as they are told; the last progress."""

    def synced(days=365, run=None):
        run = run or Run({"backfill_days": days})
        for _ in range(AS_LONG_AS_IT_TAKES):
            progress = sync(run, time.monotonic() + SLICE)
            if progress.is_over:
                return progress
            if progress.wait_until:
                time.sleep(min(0.2, max(0.0, (progress.wait_until - now()).total_seconds())))
        raise AssertionError(f"It does not end: {progress}")

    return synced


@pytest.fixture
def exported(transport):
    """The queries of the exports that were asked for, in order; `answers` come instead of the sandbox's, if any."""
    return Exported(transport)


class Exported:
    def __init__(self, transport):
        self.queries, self.answers = [], []
        self._send = transport.send
        transport.send = self.send

    def send(self, request, **options):
        if "/incremental/" not in request.url:
            return self._send(request, **options)
        self.queries.append(request.path_url.partition("?")[2])
        answer = self.answers.pop(0) if self.answers else None
        if callable(answer):
            answer = answer()
        return self._send(request, **options) if answer is None else answer


def answer(status=200, body=b"{}", **headers):
    response = requests.Response()
    response.status_code, response.raw = status, BytesIO(body)
    response.headers.update({"Content-Type": "application/json"} | headers)
    return response


def ticket(ticket_id=1, **fields):
    """As an export gives it."""
    usual = {"status": "open", "subject": "Kettle", "description": "It leaks", "tags": ["vip"]}
    times = {"created_at": "2026-11-01T10:00:00Z", "updated_at": "2026-11-02T10:00:00Z"}
    generated = {"generated_timestamp": 1_762_077_600}
    return {"id": ticket_id, **usual, **times, **generated} | fields


def read(*tickets):
    return [ExportedTicket.of(one) for one in tickets]


def mirrored():
    """The copies by their ids, as they stand now."""
    db.session.rollback()
    return {one.id: one for one in db.session.scalars(select(MirroredTicket))}
