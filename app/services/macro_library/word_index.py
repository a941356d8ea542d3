"""The index of the macros' words: an FTS5 table on SQLite, a tsvector with a GIN index on PostgreSQL.

Both are given words that are folded and parted already, and so find alike.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, cast, column, delete, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.engine import Connection

from app.extensions import WORD_INDEX, db
from app.models import CopiedMacro
from app.services.macro_library.entry import Entry
from app.services.macro_library.query import Query

_REMOVE = {
    "sqlite": "DELETE FROM macro_words WHERE rowid = :id",
    "postgresql": "DELETE FROM macro_words WHERE macro_id = :id",
}
_ADD = {
    "sqlite": "INSERT INTO macro_words (rowid, title, rest) VALUES (:id, :title, :rest)",
    "postgresql": "INSERT INTO macro_words (macro_id, words)"
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
    connection.execute(delete(table(WORD_INDEX)))


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
