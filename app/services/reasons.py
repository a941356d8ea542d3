"""Reasons: why a ticket is not among those that a job changed. A closed list, by which people filter and retry."""

from enum import StrEnum

from app.models import Outcome


class Reason(StrEnum):
    """Why a ticket is not among the changed ones."""

    ALREADY_SO = "already_so"
    VERIFIED = "verified"
    CLOSED = "closed"
    CHANGED_SINCE_PLAN = "changed_since_plan"
    NOT_FOUND = "not_found"
    OVERWRITTEN = "overwritten"
    CANNOT_BE_UNDONE = "cannot_be_undone"
    CANNOT_BE_VERIFIED = "cannot_be_verified"
    UNTICKED = "unticked"
    OTHER_GROUP = "other_group"
    NO_PERMISSION = "no_permission"
    REFUSED = "refused"
    RESULT_UNKNOWN = "result_unknown"
    CANCELLED = "cancelled"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]

    @property
    def outcome(self) -> Outcome:
        return OUTCOMES[self]


SENTENCES = {
    Reason.ALREADY_SO: "The ticket is already as you want it.",
    Reason.VERIFIED: "The ticket still is as the job left it.",
    Reason.CLOSED: "The ticket is closed, and Zendesk lets nobody change it.",
    Reason.CHANGED_SINCE_PLAN: "Somebody changed the ticket after the plan was made.",
    Reason.NOT_FOUND: "Zendesk has no such ticket: it was deleted, or the connection may not see it.",
    Reason.OVERWRITTEN: "What the job changed was changed again since.",
    Reason.CANNOT_BE_UNDONE: "What the job did to the ticket cannot be taken back.",
    Reason.CANNOT_BE_VERIFIED: "The job only left a comment, and a ticket does not tell of its comments.",
    Reason.UNTICKED: "You left this ticket out.",
    Reason.OTHER_GROUP: "The ticket's group is not among those that the job's owner may choose.",
    Reason.NO_PERMISSION: "The connection's user may not change this ticket.",
    Reason.REFUSED: "Zendesk refused the change.",
    Reason.RESULT_UNKNOWN: "Zendesk did not say what became of this ticket. Look at it before you try again.",
    Reason.CANCELLED: "The job was cancelled before this ticket's turn.",
}

OUTCOMES = {
    Reason.ALREADY_SO: Outcome.UNCHANGED,
    Reason.VERIFIED: Outcome.UNCHANGED,
    Reason.CLOSED: Outcome.SKIPPED,
    Reason.CHANGED_SINCE_PLAN: Outcome.SKIPPED,
    Reason.NOT_FOUND: Outcome.SKIPPED,
    Reason.OVERWRITTEN: Outcome.SKIPPED,
    Reason.CANNOT_BE_UNDONE: Outcome.SKIPPED,
    Reason.CANNOT_BE_VERIFIED: Outcome.SKIPPED,
    Reason.UNTICKED: Outcome.SKIPPED,
    Reason.OTHER_GROUP: Outcome.SKIPPED,
    Reason.NO_PERMISSION: Outcome.FAILED,
    Reason.REFUSED: Outcome.FAILED,
    Reason.RESULT_UNKNOWN: Outcome.UNKNOWN,
    Reason.CANCELLED: Outcome.NOT_REACHED,
}
