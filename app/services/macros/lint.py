"""What somebody should know of a macro before it is applied to many tickets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from app.services.macros.compiled import CompiledMacro
from app.services.macros.placeholders import placeholders_in

SHOWN = 4  # names in one sentence


class Severity(StrEnum):
    STOP = "stop"  # it cannot be taken back, or it is not done at all
    CAREFUL = "careful"  # it may turn out otherwise than one thinks
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One plain sentence. `code` names what it is about."""

    code: str
    severity: Severity
    words: str

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "severity": self.severity, "words": self.words}

    @classmethod
    def of(cls, data: Mapping[str, str]) -> "Finding":
        return cls(data["code"], Severity(data["severity"]), data["words"])


@dataclass(frozen=True)
class Circumstances:
    """What of a macro is not in its actions.

    `me` names the connection's user, for whom “current user” stands; `required` has the fields that must be filled in
    to solve a ticket, and `for_agents` or `for_groups` those who alone may use the macro: all by their names.
    """

    me: str = ""
    active: bool = True
    for_agents: Sequence[str] = ()
    for_groups: Sequence[str] = ()
    required: Sequence[str] = ()


class Reached(Protocol):
    """What the plan's tickets tell. Counts of tickets are by the field's id, those of the sample by placeholder."""

    @property
    def replies(self) -> int: ...
    @property
    def people(self) -> int: ...
    @property
    def lacking(self) -> int: ...
    @property
    def lacks(self) -> Mapping[str, int]: ...
    @property
    def tried(self) -> int: ...
    @property
    def empty(self) -> Mapping[str, int]: ...


def lint(compiled: CompiledMacro, around: Circumstances) -> list[Finding]:
    """All that can be said without the tickets, what is worst first."""
    return [finding for check in _CHECKS for finding in check(compiled, around)]


def with_numbers(
    findings: Sequence[Finding], reached: Reached, fields: Mapping[str, str]
) -> list[Finding]:
    """The findings with the numbers of a plan, without those that concern none of its tickets. What is worst first.

    `fields` has the names of ticket fields, by their ids.
    """
    said = (_counted(finding, reached, fields) for finding in findings)
    return sorted(filter(None, said), key=lambda finding: list(Severity).index(finding.severity))


# One function for each thing to look for

Check = Callable[[CompiledMacro, Circumstances], Iterator[Finding]]


def _left_out(compiled: CompiledMacro, _around: Circumstances) -> Iterator[Finding]:
    for words in compiled.cannot:
        yield Finding("left_out", Severity.STOP, f"Left out: {words[0].lower()}{words[1:]}")


def _public_reply(compiled: CompiledMacro, _around: Circumstances) -> Iterator[Finding]:
    if not compiled.sends_public_reply:
        return
    if compiled.comment is None:
        words = "It may write a public reply, which goes out by e-mail: only Zendesk knows on which tickets."
    else:
        words = "It writes a public reply: the requester of each ticket, and whoever is in CC, gets an e-mail."
    yield Finding("public_reply", Severity.STOP, words)


def _set_tags(compiled: CompiledMacro, _around: Circumstances) -> Iterator[Finding]:
    if any(name == "set_tags" for name, _ in compiled.actions):
        words = "It sets the tags: all other tags that a ticket has are lost."
        yield Finding("set_tags", Severity.STOP, words)


def _solves(compiled: CompiledMacro, around: Circumstances) -> Iterator[Finding]:
    if not _is_solving(compiled):
        return
    named = f": {_listed(around.required)}" if around.required else ""
    words = f"It solves tickets. Zendesk refuses those on which a field is empty that must be filled in by then{named}."
    yield Finding("required", Severity.CAREFUL, words)


def _current_user(compiled: CompiledMacro, around: Circumstances) -> Iterator[Finding]:
    me = f"here that is {around.me}" if around.me else "here that is one and the same person"
    they = f"{me}, as whom Giga Tools is connected to Zendesk, and not whoever starts the job"
    if ("assignee_id", "current_user") in compiled.actions:
        words = f"It assigns tickets to “current user”: {they}."
        yield Finding("current_user", Severity.CAREFUL, words)
    if any(
        pair in compiled.actions for pair in (("follower", "current_user"), ("cc", "current_user"))
    ):
        words = f"It makes “current user” a follower: {they}."
        yield Finding("current_user", Severity.CAREFUL, words)
    if ("group_id", "current_groups") in compiled.actions:
        words = f"It gives tickets to a group of “current user”: {they}."
        yield Finding("current_user", Severity.CAREFUL, words)
    if any(name.startswith("current_user.") for name in _placeholders(compiled)):
        words = f"Its comment speaks for “current user”: {they}."
        yield Finding("current_user", Severity.CAREFUL, words)


def _inactive(_compiled: CompiledMacro, around: Circumstances) -> Iterator[Finding]:
    if not around.active:
        words = (
            "It is inactive: agents cannot choose it in Zendesk. Somebody may have had a reason."
        )
        yield Finding("inactive", Severity.CAREFUL, words)


def _restricted(_compiled: CompiledMacro, around: Circumstances) -> Iterator[Finding]:
    if around.for_agents:
        words = f"It is a personal macro of {_listed(around.for_agents)}, who can change it at any time."
        yield Finding("personal", Severity.CAREFUL, words)
    if around.for_groups:
        words = f"In Zendesk only some may use it: {_listed(around.for_groups)}."
        yield Finding("restricted", Severity.CAREFUL, words)


def _filled_in(compiled: CompiledMacro, _around: Circumstances) -> Iterator[Finding]:
    if names := _placeholders(compiled):
        noun = "a placeholder" if len(names) == 1 else "placeholders"
        words = f"Its comment has {noun} ({_listed(names)}), which may be empty on some tickets."
        yield Finding("placeholders", Severity.NOTE, words)


def _slow(compiled: CompiledMacro, _around: Circumstances) -> Iterator[Finding]:
    """Only where the account's fields are known: without them, much seems to be unknown."""
    if compiled.account.fields and compiled.asks_for_fields:
        why = next(question.why for question in compiled.questions if not question.of_text)
        words = f"Zendesk must be asked about each ticket, so that the plan takes its time: {why}"
        yield Finding("asks", Severity.NOTE, words)


# What is worst first.
_CHECKS: tuple[Check, ...] = (
    _public_reply,
    _set_tags,
    _left_out,
    _solves,
    _current_user,
    _inactive,
    _restricted,
    _filled_in,
    _slow,
)


def _is_solving(compiled: CompiledMacro) -> bool:
    fields, statuses = compiled.effect.fields, compiled.account.statuses
    custom = statuses.get(fields.get("custom_status_id", 0))
    return custom.category == "solved" if custom else fields.get("status") == "solved"


def _placeholders(compiled: CompiledMacro) -> list[str]:
    texts = (text for text, _ in compiled.effect.texts)
    return list(dict.fromkeys(name for text in texts for name in placeholders_in(text)))


# The same with the numbers of a plan


def _counted(finding: Finding, reached: Reached, fields: Mapping[str, str]) -> Finding | None:
    count = _COUNTED.get(finding.code)
    return count(finding, reached, fields) if count else finding


def _counted_replies(
    finding: Finding, reached: Reached, _fields: Mapping[str, str]
) -> Finding | None:
    if not reached.replies:
        return None
    replies, people = _number(reached.replies, "public reply", "public replies"), _people(reached)
    words = f"{replies} {'goes' if reached.replies == 1 else 'go'} out by e-mail to {people}, and to whoever is in CC."
    return replace(finding, words=words)


def _counted_lacks(finding: Finding, reached: Reached, fields: Mapping[str, str]) -> Finding | None:
    if not reached.lacking:
        return None
    most_first = sorted(reached.lacks.items(), key=lambda pair: -pair[1])
    named = [f"{fields.get(one, f'field {one}')} ({number:,})" for one, number in most_first]
    tickets = _number(reached.lacking, "ticket")
    words = f"Zendesk may refuse {tickets}: to solve them, what is empty must be filled in: {_listed(named)}."
    return replace(finding, words=words)


def _counted_empty(
    finding: Finding, reached: Reached, _fields: Mapping[str, str]
) -> Finding | None:
    if not reached.tried:
        return finding
    tried = _number(reached.tried, "ticket")
    if not reached.empty:
        return replace(finding, words=f"None of its placeholders was empty on {tried} tried.")
    most_first = sorted(reached.empty.items(), key=lambda pair: -pair[1])
    named = [f"{one} on {number:,}" for one, number in most_first]
    words = (
        f"Of {tried} tried, some have nothing to fill in: {_listed(named)}. Look at the preview."
    )
    return replace(finding, severity=Severity.CAREFUL, words=words)


_COUNTED: dict[str, Callable[[Finding, Reached, Mapping[str, str]], Finding | None]] = {
    "public_reply": _counted_replies,
    "required": _counted_lacks,
    "placeholders": _counted_empty,
}


def _people(reached: Reached) -> str:
    return _number(reached.people, "requester", "different requesters")


def _number(number: int, noun: str, nouns: str = "") -> str:
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def _listed(names: Sequence[str]) -> str:
    more = [f"{len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return ", ".join([*names[:SHOWN], *more])
