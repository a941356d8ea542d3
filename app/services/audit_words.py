"""Entries of the audit log in words: what was done, from what to what. Unknown kinds are told by their code."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.models import AuditEvent
from app.services import settings

SHOWN = 200  # characters of a value
SYSTEM = "system"

# The groups of codes, which are what stands before the first dot.
GROUPS = {
    "audit": "Audit log",
    "backup": "Backups",
    "connection": "Connection",
    "issue": "Issues",
    "job": "Jobs",
    "notices": "Notifications",
    "password": "Passwords",
    "permissions": "Permissions",
    "pipeline": "Pipeline",
    "retention": "Retention",
    "schedule": "Schedules",
    "secrets": "Keys",
    "session": "Sessions",
    "setting": "Settings",
    "sign_in": "Sign-ins",
    "sign_out": "Sign-outs",
    "token": "Access tokens",
    "two_factor": "Two-factor",
    "user": "People",
    "webhook": "Webhooks",
    "writing": "Writing to Zendesk",
}
# After the name of whoever did it; a name in braces is one of the entry's details, or its target.
WORDS = {
    "audit.purge": "took away the {removed} oldest entries of the audit log",
    "backup.restore": "restored a backup",
    "connection.change": "changed the connection to Zendesk",
    "connection.connect": "connected to Zendesk",
    "connection.connect.begin": "began to connect to Zendesk",
    "connection.disconnect": "disconnected from Zendesk",
    "connection.forget": "threw away the connection's settings in the database",
    "issue.dismiss": "dismissed issue {target}",
    "issue.merge": "merged issue {target} into {into}, {tickets} tickets",
    "issue.move_tickets": "put {tickets} tickets into issue {target}",
    "issue.rename": "renamed issue {target}",
    "issue.restore": "showed issue {target} again",
    "issue.split": "split {tickets} tickets off issue {target}, into {into}",
    "job.approve": "approved the plan of a job, {tickets} tickets",
    "job.ask_approval": "asked for a second person's approval of a plan, {tickets} tickets",
    "job.reject": "did not approve the plan of a job",
    "job.restored": "held a job back, since the database was restored from a backup",
    "job.apply": "started the plan of a job, {tickets} tickets",
    "job.cancel": "asked a job to cancel",
    "job.create": "asked for the job “{title}”",
    "job.delete": "deleted the job “{title}”",
    "job.fail": "ended a job that failed",
    "job.force": "forced a job to stop, without waiting for Zendesk",
    "job.pause": "asked a job to pause",
    "job.paused": "paused a job",
    "job.resume": "let a job go on",
    "job.untick": "left {left_out} tickets out of a plan, and took {taken_in} in again",
    "notices.choose": "chose what to hear of by email",
    "password.change": "changed the own password",
    "permissions.change": "changed what {target}",
    "pipeline.fail": "ended a run of the pipeline that failed",
    "pipeline.run": "began a run of the pipeline: {stages}",
    "retention.purge": "let go what was old: {jobs} jobs, {audit_events} entries of the audit log",
    "schedule.change": "changed the schedule “{target}”",
    "schedule.disable": "switched the schedule “{target}” off",
    "schedule.enable": "switched the schedule “{target}” on",
    "secrets.rotate": "encrypted {encrypted_anew} secrets anew, with the first key",
    "session.end": "ended a session of {target}",
    "setting.change": "changed “{target}”",
    "sign_in": "signed in",
    "sign_in.refused": "refused a sign-in",
    "sign_in.throttled": "let somebody wait who tried to sign in too often",
    "sign_out": "signed out",
    "token.create": "made an access token for {target}",
    "token.revoke": "revoked an access token of {target}",
    "two_factor.new_codes": "made new recovery codes",
    "two_factor.off": "switched off the two-factor of {target}",
    "two_factor.on": "switched on two-factor",
    "two_factor.recovery_used": "signed in with a recovery code",
    "user.activate": "let {target} in again",
    "user.create": "made the account {target}",
    "user.deactivate": "switched the account {target} off",
    "user.invite": "invited {target}",
    "user.link": "made a link for {target} to choose a password",
    "user.password.forgotten": "had a link mailed to {target}, who has forgotten the password",
    "user.password.forgotten.unmailed": "could not mail a link to {target}",
    "user.password.link": "chose a password by a link",
    "user.password.set": "set a password for {target}",
    "user.role": "changed the role of {target}",
    "user.sessions.end": "signed {target} out everywhere",
    "webhook.change": "changed webhook {target}",
    "webhook.create": "made webhook {target}",
    "webhook.delete": "deleted webhook {target}",
    "webhook.new_secret": "gave webhook {target} a new secret",
    "webhook.send_again": "had a delivery of webhook {target} sent again",
    "webhook.test": "tried webhook {target}",
    "writing.resume": "let Giga Tools write to Zendesk again",
    "writing.stop": "stopped all writing to Zendesk",
}


@dataclass(frozen=True)
class Change:
    """A value before and after; “” as its label where the entry is about one thing alone."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """An entry as a person reads it. `facts` are what else it says, as label and value."""

    who: str
    words: str
    changes: list[Change]
    facts: list[tuple[str, str]]


def told(event: AuditEvent) -> Told:
    detail = dict(event.detail or {})
    words, used = _words(event, detail)
    changes = _changes(detail)
    if event.action == "setting.change" and changes:
        words, changes = f"{words} from {changes[0].before} to {changes[0].after}", []
        words += _unit(event.target)
    facts = [
        (_label(key), _value(value))
        for key, value in detail.items()
        if key not in {*used, "before", "after"} and value not in (None, "", [], {})
    ]
    return Told("Giga Tools" if event.actor == SYSTEM else event.actor, words, changes, facts)


def group_of(action: str) -> str:
    return action.partition(".")[0]


def group_title(group: str) -> str:
    return GROUPS.get(group) or _label(group).capitalize()


def action_title(action: str) -> str:
    """What the code stands for, without what differs from one entry to the next."""
    words = re.sub(r"\{\w+\}", "…", WORDS.get(action) or _rest_of(action))
    return words[:1].upper() + words[1:]


def by_group(actions: Iterable[str]) -> dict[str, list[str]]:
    """Codes by their group, all in the order of their titles."""
    found: dict[str, list[str]] = {}
    for action in sorted(actions, key=lambda one: (group_title(group_of(one)), action_title(one))):
        found.setdefault(group_of(action), []).append(action)
    return found


def _words(event: AuditEvent, detail: dict[str, Any]) -> tuple[str, set[str]]:
    """The words, and the details that are in them."""
    pattern = WORDS.get(event.action)
    if pattern is None:
        return f"– {group_title(group_of(event.action))}: {_rest_of(event.action)}", set()
    values = _Noted(detail | {"target": _target(event)})
    return pattern.format_map(values), values.used


class _Noted(dict[str, Any]):
    """Values as text, with which of them were asked for. One that an older entry does not have is “?”."""

    def __init__(self, values: dict[str, Any]):
        super().__init__(values)
        self.used: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.used.add(key)
        value = self.get(key, "?")
        return f"{value:,}" if type(value) is int else _value(value)


def _target(event: AuditEvent) -> str:
    if event.action == "permissions.change":
        tool, _, role = event.target.partition("/")
        return f"{role}s may do with {tool.replace('-', ' ').capitalize()}"
    if event.action != "setting.change":
        return event.target
    return next((one.title for one in settings.ALL if one.name == event.target), event.target)


def _unit(setting: str) -> str:
    unit = next((one.unit for one in settings.ALL if one.name == setting), "")
    return f" {unit}" if unit else ""


def _changes(detail: dict[str, Any]) -> list[Change]:
    if not {"before", "after"} & set(detail):
        return []
    before, after = detail.get("before"), detail.get("after")
    if not isinstance(before or after, dict):
        return [Change("", _value(before), _value(after))]
    old, new = (one if isinstance(one, dict) else {} for one in (before, after))
    return [
        Change(_label(key), _value(old.get(key)), _value(new.get(key)))
        for key in dict.fromkeys((*old, *new))
        if old.get(key) != new.get(key)
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "nothing"
    if isinstance(value, list):
        text = ", ".join(map(str, value))
    else:
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _label(key: str) -> str:
    return key.replace("_", " ")


def _rest_of(action: str) -> str:
    return _label(action.partition(".")[2].replace(".", ", ")) or _label(action)
