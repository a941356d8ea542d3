"""Making a backup, checking one, and putting one in the place of what is there."""

import os
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, make_url, text

from app.database import now
from app.extensions import db
from app.services import presence, readiness
from app.services.backup import archive, holding, postgresql, sqlite, tables
from app.services.backup.archive import Manifest
from app.services.backup.holding import Held
from app.services.backup.refusal import BackupRefused

KINDS = ("sqlite", "postgresql")
STOP_FIRST = "Stop web, worker and beat first, and start them when this is done."


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    held: Held
    kept: Path | None  # a backup of what was there before
    is_current: bool  # need its tables no migration?


def create(path: Path) -> Manifest:
    """A backup of the database in use, while everything goes on. Raises BackupRefused."""
    return _create(path, db.engine.url)


def verify(path: Path, deep: str = "") -> Manifest:
    """Is the backup good? Of PostgreSQL, that is sure only once it was restored, into the empty database at `deep`.

    Raises BackupRefused.
    """
    with _workplace(path) as folder:
        dumped = folder / archive.DUMP
        manifest = archive.read(path, dumped)
        _refuse_newer(manifest)
        if manifest.kind == "sqlite":
            _compare(manifest, *sqlite.check(dumped))
        else:
            postgresql.check(dumped)
            if deep:
                _try_out(manifest, dumped, make_url(deep))
    return manifest


def restore(path: Path, *, over_existing: bool = False) -> Restored:
    """Put the backup in the place of the database in use, and let nothing of it go on by itself.

    What was there is kept as a backup beside this one. Raises BackupRefused, before anything is changed.
    """
    url = db.engine.url
    _refuse_while_something_runs()
    with _workplace(path) as folder:
        dumped = folder / archive.DUMP
        manifest = archive.read(path, dumped)
        _refuse_newer(manifest)
        if manifest.kind != url.get_backend_name():
            raise BackupRefused(
                f"This is a backup of {manifest.kind}, but DATABASE_URL names {url.get_backend_name()}."
            )
        is_empty = _is_empty(url)
        if not is_empty and not over_existing:
            raise BackupRefused(
                "The database is not empty, and all that is in it would be replaced. If that is meant: --yes"
            )
        kept = None if is_empty else _keep_what_is_there(path, url)
        db.session.remove()
        db.engine.dispose()
        try:
            held = _RESTORE[manifest.kind](dumped, url, manifest, path.name)
        except BackupRefused as error:
            where = f" What was there before is in {kept}." if kept else ""
            raise BackupRefused(f"{error}{where}") from None
    is_current = {manifest.revision} == readiness.newest_revisions()
    return Restored(manifest, held, kept, is_current)


def _create(path: Path, url: URL) -> Manifest:
    kind = url.get_backend_name()
    if kind not in KINDS:
        raise BackupRefused(f"There are no backups of {kind}.")
    if path.exists():
        raise archive.already_there(path)
    with _workplace(path) as folder:
        dumped = folder / archive.DUMP
        made_at = now().isoformat(timespec="seconds")
        dump = sqlite.dump if kind == "sqlite" else postgresql.dump
        revision, rows = dump(url, dumped)
        if not rows:
            raise BackupRefused(
                "The database is empty: there is nothing to keep. See whether DATABASE_URL is right."
            )
        manifest = Manifest(
            kind=kind,
            app=_version(),
            revision=revision,
            made_at=made_at,
            rows=rows,
            sha256=archive.digest(dumped),
            size=dumped.stat().st_size,
        )
        archive.write(path, manifest, dumped)
    return manifest


@contextmanager
def _workplace(path: Path) -> Iterator[Path]:
    """A folder of our own, which is gone afterwards: beside the backup, where there is room for it, if we may."""
    beside = path.resolve().parent
    place = beside if os.access(beside, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix=".giga-backup-", dir=place) as name:
        yield Path(name)


def _try_out(manifest: Manifest, dumped: Path, url: URL) -> None:
    """Raises BackupRefused."""
    if url.get_backend_name() != "postgresql":
        raise BackupRefused("The database to try it in must be one of PostgreSQL, and empty.")
    url = url.set(drivername="postgresql+psycopg")
    with postgresql.opened(url) as connection:
        if not tables.is_empty(connection) or tables.revision(connection):
            raise BackupRefused("The database to try it in is not empty.")
    try:
        postgresql.restore(dumped, url)
        with postgresql.opened(url) as connection:
            _compare(manifest, tables.revision(connection), tables.rows(connection))
    finally:
        postgresql.clear(url)


def _compare(manifest: Manifest, revision: str, rows: dict[str, int]) -> None:
    if revision != manifest.revision or rows != manifest.rows:
        raise BackupRefused("This backup does not hold what it says. Use another backup.")


def _refuse_newer(manifest: Manifest) -> None:
    known = {script.revision for script in readiness.scripts().walk_revisions()}
    if manifest.revision not in known:
        raise BackupRefused(
            f"This backup was made by another version of Giga Tools ({manifest.app}, tables of "
            f"{manifest.revision or 'none'}), which this one does not know. Install that version, or a newer one."
        )


def _refuse_while_something_runs() -> None:
    here = presence.look()
    if here.worker:
        raise BackupRefused(f"A worker is running, or was a moment ago. {STOP_FIRST}")
    with _opened(db.engine.url) as connection:
        if not tables.rows(connection).get("jobs"):
            return
        leases = text("SELECT count(*) FROM jobs WHERE lease_expires_at > :now")
        if connection.scalar(leases, {"now": _plain_now(connection)}):
            raise BackupRefused(f"A job is being worked on. {STOP_FIRST}")


def _plain_now(connection: Connection) -> object:
    return now() if connection.dialect.name == "postgresql" else f"{now():%Y-%m-%d %H:%M:%S.%f}"


def _is_empty(url: URL) -> bool:
    with _opened(url) as connection:
        return tables.is_empty(connection)


@contextmanager
def _opened(url: URL) -> Iterator[Connection]:
    if url.get_backend_name() == "sqlite":
        file = sqlite.file_of(url)
        file.parent.mkdir(parents=True, exist_ok=True)
        opened = sqlite.opened(file)
    else:
        opened = postgresql.opened(url)
    with opened as connection:
        yield connection


def _keep_what_is_there(path: Path, url: URL) -> Path:
    kept = path.with_name(f"before-restore-{now():%Y%m%d-%H%M%S}.tar")
    _create(kept, url)
    return kept


def _restore_sqlite(dumped: Path, url: URL, manifest: Manifest, name: str) -> Held:
    """Held already as it comes to its place: there is no moment in which a job could go on."""
    _compare(manifest, *sqlite.check(dumped))
    with sqlite.opened(dumped) as connection:
        held = holding.hold(connection, manifest, name)
    sqlite.restore(dumped, url)
    return held


def _restore_postgresql(dumped: Path, url: URL, manifest: Manifest, name: str) -> Held:
    postgresql.check(dumped)
    postgresql.clear(url)
    try:
        postgresql.restore(dumped, url)
        with postgresql.opened(url) as connection:
            return holding.hold(connection, manifest, name)
    except BackupRefused as error:
        raise BackupRefused(
            f"{error} The database is not to be used now: restore again before you start anything."
        ) from None


_RESTORE = {"sqlite": _restore_sqlite, "postgresql": _restore_postgresql}


def _version() -> str:
    try:
        told = tomllib.loads(Path(__file__).parents[3].joinpath("pyproject.toml").read_text())
        return str(told["project"]["version"])
    except (OSError, KeyError, ValueError):
        return "unknown"
