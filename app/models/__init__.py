"""Tables, and questions about their own state. One noun a file."""

from app.models.account_link import AccountLink, Purpose
from app.models.analysis_spending import AnalysisSpending
from app.models.api_token import ApiToken, Scope
from app.models.approval import Approval
from app.models.audit_checkpoint import AuditCheckpoint
from app.models.audit_event import AuditEvent
from app.models.clustering_state import ClusteringState
from app.models.connect_attempt import ConnectAttempt
from app.models.copied_macro import Access, CopiedMacro, MacroUse, UseKind
from app.models.delivery import GIVEN_UP_AFTER, Delivery, DeliveryState
from app.models.idempotency_key import IdempotencyKey
from app.models.issue import Issue
from app.models.issue_decision import Decided, IssueDecision
from app.models.issue_job import IssueJob
from app.models.issue_state import FOLLOWING, IssueState, IssueTransition
from app.models.issue_ticket import IssueTicket
from app.models.issue_trend import IssueTrend
from app.models.job import ACTIVE, FORCED_AFTER, OVER, TRANSITIONS, Job, JobStatus, PauseReason
from app.models.job_event import NEWS, EventName, JobEvent
from app.models.job_pace import JobPace
from app.models.job_ticket import JobTicket, Outcome, Stage
from app.models.job_wait import JobWait
from app.models.macro_copy import MacroCopy
from app.models.mirrored_ticket import MirroredTicket
from app.models.notice_choice import NoticeChoice, Wish
from app.models.oauth_token import OAuthToken
from app.models.pipeline_run import UNDER_WAY, PipelineRun, RunKind, RunStatus
from app.models.schedule import Schedule
from app.models.secret import SecretUnreadable
from app.models.setting import Setting
from app.models.sync_state import SyncState
from app.models.ticket_analysis import TicketAnalysis
from app.models.tool_limit import ToolLimit
from app.models.two_factor import RecoveryCode, TwoFactor
from app.models.user import Role, User
from app.models.user_session import UserSession
from app.models.webhook import Webhook
from app.models.writing_stop import WritingStop
from app.models.zendesk_name import ZendeskName
from app.models.zendesk_settings import Method, ZendeskSettings

__all__ = [
    "ACTIVE",
    "FOLLOWING",
    "FORCED_AFTER",
    "GIVEN_UP_AFTER",
    "NEWS",
    "OVER",
    "TRANSITIONS",
    "UNDER_WAY",
    "Access",
    "AccountLink",
    "AnalysisSpending",
    "ApiToken",
    "Approval",
    "AuditCheckpoint",
    "AuditEvent",
    "ClusteringState",
    "ConnectAttempt",
    "CopiedMacro",
    "Decided",
    "Delivery",
    "DeliveryState",
    "EventName",
    "IdempotencyKey",
    "Issue",
    "IssueDecision",
    "IssueJob",
    "IssueState",
    "IssueTicket",
    "IssueTransition",
    "IssueTrend",
    "Job",
    "JobEvent",
    "JobPace",
    "JobStatus",
    "JobTicket",
    "JobWait",
    "MacroCopy",
    "MacroUse",
    "Method",
    "MirroredTicket",
    "NoticeChoice",
    "OAuthToken",
    "Outcome",
    "PauseReason",
    "PipelineRun",
    "Purpose",
    "RecoveryCode",
    "Role",
    "RunKind",
    "RunStatus",
    "Schedule",
    "Scope",
    "SecretUnreadable",
    "Setting",
    "Stage",
    "SyncState",
    "TicketAnalysis",
    "ToolLimit",
    "TwoFactor",
    "UseKind",
    "User",
    "UserSession",
    "Webhook",
    "Wish",
    "WritingStop",
    "ZendeskName",
    "ZendeskSettings",
]
