"""The page for the audit log: looked through by its address, and taken away."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, url_for
from sqlalchemy import select

from app import asked
from app.admin import bp
from app.database import now
from app.extensions import db
from app.menu import Page
from app.models import AuditEvent, Job
from app.services import audit_chain, audit_export, audit_log, audit_words
from app.services.audit_log import Filter

PAGE = Page(
    "Audit log",
    "Who did what, when and from where. Nobody can change it.",
    "admin.audit_log_page",
    place=60,
)


@dataclass(frozen=True)
class Wanted:
    """What the address asks for, with a sentence for each part of it that means nothing."""

    filter: Filter
    odd: list[str]

    @property
    def told(self) -> dict[str, str]:
        """The same as an address tells it."""
        wanted = self.filter
        return asked.told(
            {
                "person": wanted.person,
                "action": wanted.action,
                "target": wanted.target,
                "address": wanted.address,
                "from": wanted.since,
                "to": wanted.until,
            }
        )

    def address(self, endpoint: str = "admin.audit_log_page", **more: Any) -> str:
        return url_for(endpoint, **self.told, **more)


@bp.get("/audit-log")
def audit_log_page() -> str:
    wanted = _wanted()
    listed = audit_log.page(wanted.filter, before=asked.key("before"), after=asked.key("after"))
    return render_template(
        "admin/audit_log.html",
        wanted=wanted,
        listed=listed,
        told=audit_words.told,
        jobs=_jobs_among(listed.items),
        actions=audit_words.by_group(audit_log.actions()),
        action_title=audit_words.action_title,
        group_title=audit_words.group_title,
        chain=audit_chain.standing(),
    )


@bp.get("/audit-log/export.csv")
def export_audit_csv() -> Response:
    return _download("csv", "text/csv; charset=utf-8", audit_export.as_csv)


@bp.get("/audit-log/export.ndjson")
def export_audit_ndjson() -> Response:
    return _download("ndjson", "application/x-ndjson", audit_export.as_ndjson)


def _download(ending: str, kind: str, write: Callable[[Filter], Iterator[str]]) -> Response:
    """All that the filter shows. It is read while it is sent, without this request's transaction."""
    response = Response(write(_wanted().filter))
    response.headers["Content-Type"] = kind
    name = f"giga-tools-audit-log-{now():%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    db.session.rollback()
    return response


def _wanted() -> Wanted:
    days = asked.days("entry")
    wanted = Filter(
        person=asked.text("person", 254),
        action=asked.text("action", 64),
        target=asked.text("target", 254),
        address=asked.text("address", 45),
        since=days.since,
        until=days.until,
    )
    return Wanted(wanted, days.odd)


def _jobs_among(events: list[AuditEvent]) -> set[str]:
    """Targets that are jobs, and were not deleted."""
    targets = {event.target for event in events if event.action.startswith("job.")}
    return set(db.session.scalars(select(Job.job_id).where(Job.job_id.in_(targets))))
