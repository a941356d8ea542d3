"""Jobs in any shape, as tests put them, and the links of a page."""

from datetime import UTC, datetime, timedelta

from app.extensions import db
from app.models import Job

HOUR = timedelta(hours=1)


def put(job, **values):
    db.session.query(Job).filter_by(id=job.id).update(values)
    db.session.commit()


def link(text, rel):
    marked = text.partition(f'rel="{rel}" href="')[2]
    return marked.partition('"')[0].replace("&amp;", "&") or None


def many(owner, number, **values):
    """So many jobs of the person, oldest first, an hour apart, called “Job 00” and so on."""
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    usual = {
        "user_id": owner.id,
        "tool_slug": "tag-manager",
        "operation": "add_tags",
        "selection": {"ticket_ids": []},
        "act_words": "Add vip to {tickets}",
        "limit": 500,
        "status": "completed",
    }
    jobs = [
        Job(title=f"Job {n:02}", created_at=begin + n * HOUR, **(usual | values))
        for n in range(number)
    ]
    db.session.add_all(jobs)
    db.session.commit()
    return jobs
