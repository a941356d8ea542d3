"""The index of the macros' words: an FTS5 table on SQLite, a tsvector with a GIN index on PostgreSQL.

Both are given words that are folded and parted already, and so find alike.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, cast, column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.engine import Connection

from app.extensions import WORD_INDEX, db
from app.models import CopiedMacro
from app.services.macro_library.entry import Entry
from app.services.macro_library.query import Query

_REMOVE = {
    "sqlite": f"DELETE FROM {WORD_INDEX} WHERE rowid = :id",  # noqa: S608 - the name is our own
    "postgresql": f"DELETE FROM {WORD_INDEX} WHERE macro_id = :id",  # noqa: S608
}
_ADD = {
    "sqlite": f"INSERT INTO {WORD_INDEX} (rowid, title, rest) VALUES (:id, :title, :rest)",  # noqa: S608
    "postgresql": f"INSERT INTO {WORD_INDEX} (macro_id, words)"  # noqa: S608
    " VALUES (:id, CAST(CONCAT(CAST(:title AS text), ' ', CAST(:rest AS text)) AS tsvector))",
}


def put(connection: Connection, entries: Sequence[Entry]) -> None:
    """Index these macros in place of what is there of them."""
    dialect = connection.dialect.name
    rows = [_row(entry, dialect) for entry in entries]
    remove(connection, [entry.id for entry in entries])
    if rows:
        connection.execute(text(_ADD[dialect]), rows)


def remove(connection: Connection, macro_ids: Sequence[int]) -> None:
    if macro_ids:
        statement = text(_REMOVE[connection.dialect.name])
        connection.execute(statement, [{"id": macro_id} for macro_id in macro_ids])


def clear(connection: Connection) -> None:
    connection.execute(text(f"DELETE FROM {WORD_INDEX}"))  # noqa: S608


def finds(query: Query) -> ColumnElement[bool]:
    """Does the macro have all the words, wherever?"""
    return _finds(query.for_fts5(), query.for_tsquery())


def finds_by_title(query: Query) -> ColumnElement[bool]:
    """Does its title, which has its category too, have all the words?"""
    return _finds(f"title : ({query.for_fts5()})", query.for_tsquery("A"))


def _finds(fts5: str, tsquery: str) -> ColumnElement[bool]:
    if db.engine.dialect.name == "sqlite":
        key, matches = column("rowid"), column(WORD_INDEX).op("MATCH")(fts5)
    else:
        key, matches = column("macro_id"), column("words").op("@@")(cast(tsquery, TSQUERY))
    return CopiedMacro.id.in_(select(key).select_from(table(WORD_INDEX)).where(matches))


def _row(entry: Entry, dialect: str) -> dict[str, object]:
    if dialect == "sqlite":
        return {
            "id": entry.id,
            "title": " ".join(entry.title_words),
            "rest": " ".join(entry.other_words),
        }
    return {
        "id": entry.id,
        "title": " ".join(f"'{word}':1A" for word in entry.title_words),
        "rest": " ".join(f"'{word}':1" for word in entry.other_words),
    }
