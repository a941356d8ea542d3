"""The words of a mail about a job: what happened, what it came to, and what to do."""

from dataclasses import dataclass

from flask import current_app

from app.models import NEWS, EventName, JobEvent, Outcome, PauseReason, User
from app.services.notices.posting import address_of, address_of_issue

LONGEST_TITLE = 120
COUNTED = {
    Outcome.CHANGED: "changed",
    Outcome.UNCHANGED: "as wanted already",
    Outcome.SKIPPED: "left alone",
    Outcome.FAILED: "failed",
    Outcome.UNKNOWN: "unknown: Zendesk did not say what became of them",
    Outcome.NOT_REACHED: "not reached",
}


@dataclass(frozen=True, repr=False)
class Letter:
    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Wording:
    """`head` follows the job's title in the subject and in the first sentence."""

    head: str
    more: str
    advice: str


def write(event: JobEvent, to: User, owner: User | None) -> Letter:
    if event.name in NEWS:
        return _of_news(event, to)
    wording, title = _wording(event), _title(event)
    parts = [
        f"“{title}” {wording.head}.{' ' + wording.more if wording.more else ''}",
        _counts(event),
        _by(event, owner) if owner and owner.id != to.id else "",
        f"{wording.advice}\n{_where(event)}",
        _why(to, event),
    ]
    text = "\n\n".join(part for part in parts if part) + "\n"
    return Letter(to.email, f"Giga Tools: “{title}” {wording.head}", text)


def _of_news(event: JobEvent, to: User) -> Letter:
    facts = event.facts
    advice = facts["advice"]
    if event.name == EventName.ESCALATING:
        where = address_of_issue(facts["key"]) or f"issue {facts['key']}, on the issues board"
        advice = f"{advice}\n{where}"
    parts = [facts["words"], advice, _why(to, event)]
    text = "\n\n".join(part for part in parts if part) + "\n"
    return Letter(to.email, f"Giga Tools: {_title(event)}", text)


def _by(event: JobEvent, owner: User) -> str:
    is_plan = event.name == EventName.APPROVAL
    return f"{owner.email} {'made the plan' if is_plan else 'started it'}."


def _wording(event: JobEvent) -> Wording:
    facts = event.facts
    match event.name:
        case EventName.COMPLETED:
            return _of_completed(facts["counts"])
        case EventName.FAILED:
            return Wording(
                "could not go on",
                facts["error"] or "",
                "Open the job to see how far it got, and to let it go on:",
            )
        case EventName.CANCELLED:
            return _of_cancelled(facts)
        case EventName.PAUSED:
            return _of_paused(facts)
        case EventName.PLANNED:
            return Wording(
                "has its plan ready",
                "Nothing was changed yet.",
                "Look at the plan, and start it from there. It is given up after seven days:",
            )
        case EventName.APPROVAL:
            return Wording(
                "waits for an admin's approval",
                "Nothing was changed yet.",
                "Look at the plan, and say whether it may start. Any other admin may do so before you:",
            )
    return Wording(
        "waits for the sign-in to Zendesk",
        "Zendesk does not accept the credentials of Giga Tools any more, or there are none. What is done stays done.",
        "The job goes on by itself once an admin has connected again, on the page Connection. It is this one:",
    )


def _of_completed(counts: dict[str, int]) -> Wording:
    if bad := counts["failed"] + counts["unknown"]:
        return Wording(
            f"is done, but not for {bad:,} {'ticket' if bad == 1 else 'tickets'}",
            "",
            "Open the job to see which and why, and to try them again:",
        )
    return Wording("is done", "", "Open the job to see each ticket, or to undo what it changed:")


def _of_cancelled(facts: dict) -> Wording:
    if facts.get("by") == "program":
        return Wording(
            "was given up",
            "Nobody started its plan in all this time, so it no longer describes the tickets. Nothing was changed.",
            "Plan it anew from here:",
        )
    return Wording(
        "was cancelled", "An admin did it.", "Open the job to see which tickets were changed:"
    )


def _of_paused(facts: dict) -> Wording:
    if facts["pause_reason"] == PauseReason.CANARY:
        return Wording(
            "waits for you",
            "Its first tickets are done, as was asked for.",
            "Look at them in Zendesk, then let the job go on or cancel it:",
        )
    return Wording(
        "has paused by itself",
        f"Too many tickets failed. {facts['pause_detail'] or ''} Nothing more is changed until somebody lets it go on.",
        "Look at what failed, then let the job go on or cancel it:",
    )


def _counts(event: JobEvent) -> str:
    counts, total = event.facts["counts"], event.facts["total_items"]
    said = [f"{counts[name]:,} {words}" for name, words in COUNTED.items() if counts[name]]
    if planned := counts["planned"]:
        said.append(f"{planned:,} {'to be changed' if event.facts['dry_run'] else 'still to do'}")
    if not said:
        return ""
    return f"{total:,} {'ticket' if total == 1 else 'tickets'}: {', '.join(said)}."


def _where(event: JobEvent) -> str:
    """A link, where somebody has said under which address people reach us."""
    return address_of(event.job_id) or f"job {event.job_id}, in the list of jobs in Giga Tools"


def _why(to: User, event: JobEvent) -> str:
    public = current_app.config["PUBLIC_URL"].rstrip("/")
    place = f"{public}/account/notifications" if public else "your account, under Notifications"
    whose = "your jobs" if to.id == event.owner_id else "trouble that is not your own"
    if event.name == EventName.APPROVAL:
        whose = "plans that wait for an approval"
    return f"You get this because you want to hear of {whose}. Change that at {place}."


def _title(event: JobEvent) -> str:
    """The title as it fits into the head of a mail."""
    readable = "".join(sign if sign.isprintable() else " " for sign in event.facts["title"])
    title = " ".join(readable.split())
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
