"""Tickets for the tests of clustering, and the stage as the pipeline runs it."""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.database import writing
from app.extensions import db
from app.models import IssueTicket, MirroredTicket, User
from app.services.insights import issues

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
BURNT = [
    ("Toaster burns bread", "The toaster burns every slice, the bread is black."),
    ("Bread burnt by the toaster", "My toaster burns the bread on the lowest level."),
    ("Black toast", "The toaster makes black bread, each slice is burnt."),
    ("Toaster too hot", "Slices come out burnt and black from the toaster."),
]
REFUND = [
    ("Refund missing", "I sent the lamp back and the refund has not arrived."),
    ("Where is my refund?", "My return was accepted, the money is missing."),
    ("No refund yet", "You promised a refund for the returned lamp."),
    ("Refund for my return", "The return arrived, but the refund did not."),
]
PARKING = [
    ("Parking at your office", "Where may visitors park their cars at your office?"),
    ("Visitor parking", "Is there parking for cars of visitors near the office?"),
    ("Cars of visitors", "We visit your office by car, where can we park cars?"),
    ("Office parking place", "Please reserve a parking place at the office for visitors."),
]
PENGUIN = ("Penguin sponsorship", "Would your founder adopt an Antarctic penguin?")


class Run:
    """A run of the pipeline. `lives`: how many transactions it commits before it is killed."""

    options = {}

    def __init__(self, lives=1_000_000):
        self.lives = lives

    def check(self):
        self.lives -= 1
        if self.lives < 0:
            raise Killed


class Killed(Exception):
    pass


def cluster(seconds=60.0, run=None):
    """One night. Its last progress."""
    while True:
        progress = issues.cluster(run or Run(), time.monotonic() + seconds)
        if progress.is_over:
            return progress


def write(texts, first_id=1, **fields):
    """Mirror tickets with these texts; their ids."""
    ids = range(first_id, first_id + len(texts))
    for ticket_id, (subject, description) in zip(ids, texts, strict=True):
        at = NOON + timedelta(minutes=ticket_id)
        wanted = {
            "status": "open",
            "tags": [],
            "priority": "",
            "kind": "",
            "via_channel": "web",
            "requester_id": 100 + ticket_id,
            "organization_id": None,
            "created_at": at,
            "updated_at": at,
            "generated_timestamp": 1,
            "deleted": False,
        } | fields
        row = MirroredTicket(id=ticket_id, subject=subject, description=description, **wanted)
        db.session.add(row)
    with writing():
        db.session.commit()
    return list(ids)


def placed():
    """The issue's id of each ticket that has a place."""
    db.session.rollback()
    rows = db.session.execute(select(IssueTicket.ticket_id, IssueTicket.issue_id))
    return dict(rows.all())


def person():
    user = db.session.scalar(select(User))
    if user is None:
        user = User(email="ada@giga.test", password_hash="x")
        db.session.add(user)
        db.session.commit()
    return user
