"""Tables, and questions about their own state. One noun a file."""

from app.models.audit_event import AuditEvent
from app.models.connect_attempt import ConnectAttempt
from app.models.copied_macro import Access, CopiedMacro, MacroUse, UseKind
from app.models.job import ACTIVE, FORCED_AFTER, OVER, TRANSITIONS, Job, JobStatus, PauseReason
from app.models.job_pace import JobPace
from app.models.job_ticket import JobTicket, Outcome, Stage
from app.models.job_wait import JobWait
from app.models.macro_copy import MacroCopy
from app.models.oauth_token import OAuthToken
from app.models.secret import SecretUnreadable
from app.models.user import Role, User
from app.models.zendesk_name import ZendeskName
from app.models.zendesk_settings import Method, ZendeskSettings

__all__ = [
    "ACTIVE",
    "FORCED_AFTER",
    "OVER",
    "TRANSITIONS",
    "Access",
    "AuditEvent",
    "ConnectAttempt",
    "CopiedMacro",
    "Job",
    "JobPace",
    "JobStatus",
    "JobTicket",
    "JobWait",
    "MacroCopy",
    "MacroUse",
    "Method",
    "OAuthToken",
    "Outcome",
    "PauseReason",
    "Role",
    "SecretUnreadable",
    "Stage",
    "UseKind",
    "User",
    "ZendeskName",
    "ZendeskSettings",
]
