"""Lines of others that are not kept: they repeat ours, or tell what nobody may read."""

import logging

# Tasks that beat sends every few seconds.
_OFTEN = ("app.tasks.upkeep.", "app.tasks.macro_copying.renew_macros_if_due")


def is_wanted(record: logging.LogRecord) -> bool:
    if record.name == "werkzeug":
        return '"%s" %s %s' not in str(record.msg)  # its access lines have paths, which hold tokens
    if record.name == "alembic.runtime.plugins":
        return record.levelno > logging.INFO  # seven at each start
    if record.name in {"celery.worker.strategy", "celery.app.trace"}:
        task = getattr(record, "data", {}).get("name", "")
        return record.levelno > logging.INFO or not str(task).startswith(_OFTEN)
    return True
