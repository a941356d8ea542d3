"""Tables, and questions about their own state. One noun a file."""

from app.models.audit_event import AuditEvent
from app.models.job import ACTIVE, OVER, TRANSITIONS, Job, JobStatus
from app.models.job_ticket import JobTicket, Outcome, Stage
from app.models.user import Role, User
from app.models.zendesk_settings import ZendeskSettings

__all__ = [
    "ACTIVE",
    "OVER",
    "TRANSITIONS",
    "AuditEvent",
    "Job",
    "JobStatus",
    "JobTicket",
    "Outcome",
    "Role",
    "Stage",
    "User",
    "ZendeskSettings",
]
