"""Celery's lines about tasks, without what it puts into their text: arguments, results and messages of exceptions."""

from typing import Any

from structlog.typing import EventDict

_KNOWN = {"celery.worker.strategy": "task received", "celery.app.trace": ""}


def plain_words(_logger: Any, _name: str, event: EventDict) -> EventDict:
    record = event.get("_record")
    about = getattr(record, "data", None)
    if record is None or record.name not in _KNOWN or not isinstance(about, dict):
        return event
    event["event"] = _KNOWN[record.name] or f"task {about.get('description', 'succeeded')}"
    event["task"], event["task_id"] = about.get("name"), about.get("id")
    if (seconds := about.get("runtime")) is not None:
        event["duration"] = round(float(seconds), 4)
    return event
