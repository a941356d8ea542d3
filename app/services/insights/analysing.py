"""The stage that analyses tickets: batch by batch, each kept in one transaction. A ticket that fails stops no other."""

import logging
import time
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from app.database import now, tried_again, writing
from app.extensions import db
from app.models import MirroredTicket, TicketAnalysis
from app.services.insights.analysers.analyser import (
    Analyser,
    Analysis,
    Answers,
    Failure,
    Trouble,
)
from app.services.insights.analysers.choice import chosen
from app.services.insights.stage import Progress, StageRun
from app.services.insights.ticket_text import TicketText

log = logging.getLogger(__name__)

USUAL_BATCH = 500  # tickets
MOST_TRIES = 5
# After the first try that failed; four times as long after each more: ten hours after the fourth.
FIRST_PAUSE = timedelta(minutes=10)
_LONGER = 4

_WAITS = MirroredTicket.analysed_at.is_(None), ~MirroredTicket.deleted
_OF_TICKET = TicketAnalysis.ticket_id == MirroredTicket.id
_CONTENT = (
    *("analyser", "summary", "area", "kind", "severity", "sentiment", "phrases", "language"),
    *("confidences", "analysed_at"),
)
_FAILURE = ("failed_at", "tries", "next_try_at", "error_code", "ticket_stamp")
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Due(NamedTuple):
    """A ticket to analyse. `stamp` is the version that was read, `tries` how often that has failed."""

    text: TicketText
    stamp: int
    tries: int


def analyse(run: StageRun, until: float) -> Progress:
    """Analyse what is new, the newest first, and what failed before and is due again.

    A kill loses the batch that was not kept yet, and no other.
    """
    analyser = chosen(run.options.get("run", 0))
    while True:
        batch = _due(run.options.get("batch_size", USUAL_BATCH))
        if not batch:
            return _progress(is_over=True)
        answers = _answers(analyser, [one.text for one in batch], until)
        _note(len(batch), answers)
        _keep(run, analyser.name, batch, answers)
        if answers.stopped:
            return _progress(is_over=True, note=answers.stopped)
        has_answered = answers.analyses or answers.failures
        if answers.wait_until or not has_answered or time.monotonic() >= until:
            return _progress(is_over=False, wait_until=answers.wait_until)


def _answers(analyser: Analyser, texts: Sequence[TicketText], until: float) -> Answers:
    """Where the analyser itself fails, the ticket that makes it is found by halves, and marked alone."""
    try:
        return analyser.analyse(texts, until)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is of one ticket and must not stop the others
        log.warning("the analyser failed on %d tickets: %s", len(texts), _place(error))
    if len(texts) == 1:
        return Answers(failures=[Failure(texts[0].ticket_id, Trouble.UNEXPECTED)])
    middle = len(texts) // 2
    first = _answers(analyser, texts[:middle], until)
    if first.stopped or first.wait_until:
        return first
    second = _answers(analyser, texts[middle:], until)
    return Answers(
        [*first.analyses, *second.analyses],
        [*first.failures, *second.failures],
        second.stopped,
        second.wait_until,
    )


def _place(error: Exception) -> str:
    """What it was and where, without its message: that may quote a ticket."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, line {frame.lineno}"


def _is_due() -> ColumnElement[bool]:
    """Never tried, or changed since, or its pause is over. One that was given up has no next try."""
    return or_(
        TicketAnalysis.error_code.is_(None),
        TicketAnalysis.ticket_stamp != MirroredTicket.generated_timestamp,
        TicketAnalysis.next_try_at <= now(),
    )


@tried_again()
def _due(limit: int) -> list[Due]:
    wanted = (
        select(
            MirroredTicket.id,
            MirroredTicket.subject,
            MirroredTicket.description,
            MirroredTicket.tags,
            MirroredTicket.created_at,
            MirroredTicket.generated_timestamp,
            TicketAnalysis.ticket_stamp,
            TicketAnalysis.tries,
        )
        .outerjoin(TicketAnalysis, _OF_TICKET)
        .where(*_WAITS, _is_due())
        .order_by(MirroredTicket.id.desc())
        .limit(limit)
    )
    with db.engine.connect() as database:
        return [_as_due(row) for row in database.execute(wanted)]


def _as_due(row: Any) -> Due:
    text = TicketText(row.id, row.subject, row.description, tuple(row.tags), row.created_at)
    is_as_it_was = row.ticket_stamp == row.generated_timestamp
    return Due(text, row.generated_timestamp, row.tries if is_as_it_was else 0)


@tried_again()
def _keep(run: StageRun, analyser: str, batch: Sequence[Due], answers: Answers) -> None:
    """One transaction, which commits only while the run is ours."""
    if not answers.analyses and not answers.failures:
        return
    db.session.rollback()
    try:
        with writing():
            _write(analyser, {one.text.ticket_id: one for one in batch}, answers, now())
            run.check()
            db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def _write(analyser: str, batch: dict[int, Due], answers: Answers, moment: datetime) -> None:
    found = {one.ticket_id: one for one in answers.analyses if one.ticket_id in batch}
    as_read = _mark(((number, batch[number].stamp) for number in found), moment)
    rows = [_row(found[number], analyser, batch[number], moment) for number in sorted(as_read)]
    _upsert(rows, (*_CONTENT, *_FAILURE))
    failures = [one for one in answers.failures if one.ticket_id in batch]
    rows = [_failed_row(one, analyser, batch[one.ticket_id], moment) for one in failures]
    _upsert(rows, _FAILURE)


def _mark(read: Any, moment: datetime) -> list[int]:
    """Those that are as they were read: what was changed or deleted meanwhile stays to be analysed, or is gone."""
    pairs = list(read)
    if not pairs:
        return []
    version = tuple_(MirroredTicket.id, MirroredTicket.generated_timestamp)
    statement = (
        update(MirroredTicket)
        .where(version.in_(pairs), *_WAITS)
        .values(analysed_at=moment)
        .returning(MirroredTicket.id)
        .execution_options(synchronize_session=False)
    )
    return list(db.session.scalars(statement))


def _upsert(rows: list[dict[str, Any]], columns: Sequence[str]) -> None:
    if not rows:
        return
    statement = _INSERT[db.engine.dialect.name](TicketAnalysis)
    new = {name: statement.excluded[name] for name in columns}
    upsert = statement.on_conflict_do_update(index_elements=["ticket_id"], set_=new)
    db.session.execute(upsert, rows)


def _row(found: Analysis, analyser: str, due: Due, moment: datetime) -> dict[str, Any]:
    return {
        "ticket_id": found.ticket_id,
        "analyser": analyser,
        "summary": found.summary,
        "area": found.area,
        "kind": str(found.kind),
        "severity": str(found.severity),
        "sentiment": str(found.sentiment),
        "phrases": list(found.phrases),
        "language": found.language,
        "confidences": dict(found.confidences),
        "analysed_at": moment,
        "failed_at": None,
        "tries": 0,
        "next_try_at": None,
        "error_code": None,
        "ticket_stamp": due.stamp,
    }


def _failed_row(failure: Failure, analyser: str, due: Due, moment: datetime) -> dict[str, Any]:
    """Its content is that of a ticket which was never analysed; one that was keeps what is known of it."""
    tries = due.tries + 1
    pause = FIRST_PAUSE * _LONGER ** (tries - 1)
    return {
        "ticket_id": failure.ticket_id,
        "analyser": analyser,
        "summary": "",
        "area": "",
        "kind": None,
        "severity": None,
        "sentiment": None,
        "phrases": [],
        "language": "und",
        "confidences": {},
        "analysed_at": None,
        "failed_at": moment,
        "tries": tries,
        "next_try_at": moment + pause if tries < MOST_TRIES else None,
        "error_code": str(failure.trouble),
        "ticket_stamp": due.stamp,
    }


def _note(number: int, answers: Answers) -> None:
    codes = sorted({str(one.trouble) for one in answers.failures})
    log.info(
        "tickets of the batch: %d, analysed: %d, failed: %d (%s)",
        *(number, len(answers.analyses), len(answers.failures), ", ".join(codes) or "none"),
    )


@tried_again()
def _progress(is_over: bool, note: str = "", wait_until: datetime | None = None) -> Progress:
    """Of all tickets in the mirror: `done` are those that need nothing now."""
    failing = TicketAnalysis.error_code.is_not(None)
    due = func.count().filter(and_(*_WAITS, _is_due()))
    counts = select(
        func.count(),
        func.count(MirroredTicket.analysed_at),
        due,
        func.count().filter(*_WAITS, failing),
        func.count().filter(*_WAITS, failing, TicketAnalysis.next_try_at.is_(None)),
    )
    with db.engine.connect() as database:
        total, analysed, left, failed, given_up = database.execute(
            counts.select_from(MirroredTicket)
            .outerjoin(TicketAnalysis, _OF_TICKET)
            .where(~MirroredTicket.deleted)
        ).one()
    result: dict[str, int | float | str] = {
        "analysed": analysed,
        "failed": failed,
        "given_up": given_up,
    }
    if note:
        result["note"] = note
    return Progress(total - left, total, is_over, result, wait_until)
