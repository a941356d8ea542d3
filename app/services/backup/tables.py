"""What a database holds, whatever version of Giga Tools made its tables."""

from sqlalchemy import Connection, func, inspect, select, table, text

from app.extensions import WORD_INDEX

# Of each of these the number of rows is noted, and found again.
COUNTED = ("users", "zendesk_settings", "jobs", "job_tickets", "audit_events")


def rows(connection: Connection) -> dict[str, int]:
    there = set(inspect(connection).get_table_names())
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in COUNTED
        if name in there
    }


def revision(connection: Connection) -> str:
    """Of the migrations; empty for a database that has none."""
    if "alembic_version" not in inspect(connection).get_table_names():
        return ""
    return ",".join(sorted(connection.scalars(text("SELECT version_num FROM alembic_version"))))


def is_empty(connection: Connection) -> bool:
    """Has it nothing that anybody could miss? Tables that are new have no people yet."""
    there = {name for name in inspect(connection).get_table_names() if WORD_INDEX not in name}
    if not there - {"alembic_version"}:
        return True
    return "users" in there and not any(rows(connection).values())
