"""Tables, and questions about their own state. One noun a file."""

from app.models.audit_event import AuditEvent
from app.models.connect_attempt import ConnectAttempt
from app.models.job import ACTIVE, FORCED_AFTER, OVER, TRANSITIONS, Job, JobStatus, PauseReason
from app.models.job_ticket import JobTicket, Outcome, Stage
from app.models.oauth_token import OAuthToken
from app.models.secret import SecretUnreadable
from app.models.user import Role, User
from app.models.zendesk_settings import Method, ZendeskSettings

__all__ = [
    "ACTIVE",
    "FORCED_AFTER",
    "OVER",
    "TRANSITIONS",
    "AuditEvent",
    "ConnectAttempt",
    "Job",
    "JobStatus",
    "JobTicket",
    "Method",
    "OAuthToken",
    "Outcome",
    "PauseReason",
    "Role",
    "SecretUnreadable",
    "Stage",
    "User",
    "ZendeskSettings",
]
