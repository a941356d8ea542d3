"""The health check: how each part of Giga Tools is, and a word to admins when that changes."""

from collections.abc import Iterable

from sqlalchemy import select

from app.database import writing
from app.extensions import db
from app.models import EventName, JobEvent
from app.services import health as parts_of_us
from app.services.checkup import Level
from app.services.health import Part
from app.services.insights.stage import Progress, StageRun
from app.services.notices import events


def health(run: StageRun, _until: float) -> Progress:
    """Look at every part. Only what becomes a problem, and what is none any more, is told."""
    told = parts_of_us.look()
    db.session.rollback()
    bad = {part.name: part for part in told if part.level is Level.PROBLEM}
    with writing():
        well_again = sorted(_known_problems() - set(bad))
        new = sorted(set(bad) - _known_problems())
        if new or well_again:
            _note(bad.values(), new, well_again)
        run.check()
        db.session.commit()
    levels = {part.name: str(part.level) for part in told}
    return Progress(len(told), len(told), is_over=True, result=dict(levels))


def _known_problems() -> set[str]:
    """What was said last. It is forgotten with its event, after a month, and then said once more."""
    last = select(JobEvent.facts).where(JobEvent.name == EventName.HEALTH)
    facts = db.session.scalar(last.order_by(JobEvent.id.desc()).limit(1))
    return set(facts["problems"]) if facts else set()


def _note(bad: Iterable[Part], new: list[str], well_again: list[str]) -> None:
    bad = list(bad)
    lines = [f"{part.name}: {part.words} {part.advice}".strip() for part in bad]
    if well_again:
        lines.append(f"No problem any more: {', '.join(well_again)}.")
    title = f"a problem with {_listed(new)}" if new else f"well again: {_listed(well_again)}"
    advice = "The page Health tells more." if bad else ""
    problems = sorted(part.name for part in bad)
    facts = {"problems": problems, "new": new, "well_again": well_again}
    events.note_news(EventName.HEALTH, title, "\n".join(lines), advice, **facts)


def _listed(names: list[str]) -> str:
    return ", ".join(name.lower() if name != "Zendesk" else name for name in names)
