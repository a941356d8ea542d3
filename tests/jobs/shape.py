"""Jobs in any shape, as tests put them, and the links of a page."""

from datetime import timedelta

from app.extensions import db
from app.models import Job

HOUR = timedelta(hours=1)


def put(job, **values):
    db.session.query(Job).filter_by(id=job.id).update(values)
    db.session.commit()


def link(text, rel):
    marked = text.partition(f'rel="{rel}" href="')[2]
    return marked.partition('"')[0].replace("&amp;", "&") or None
