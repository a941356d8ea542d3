"""An archive: of one moment, and checked before anything is believed of it."""

import sqlite3
import tarfile
import threading

import pytest
from sqlalchemy import make_url, select

from app import create_app
from app.extensions import db
from app.models import UserSession
from app.services.backup import archive, backups
from app.services.backup.refusal import BackupRefused
from tests.fixtures.giga import configured
from tests.services.backup.conftest import add_person, rewritten, run


def test_a_backup_made_while_others_write_is_of_one_moment(sqlite_app, tmp_path):
    add_person()
    file = make_url(sqlite_app.config["SQLALCHEMY_DATABASE_URI"]).database
    stop, written = threading.Event(), []

    def write():
        with sqlite3.connect(file, timeout=30) as database:
            while not stop.is_set():
                database.execute(
                    "INSERT INTO settings VALUES (?, '1', '2026-11-22')", (len(written),)
                )
                database.execute(EVENT)
                database.commit()
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 5:
            pass
        manifests = [backups.create(tmp_path / f"{number}.tar") for number in range(5)]
        while len(written) < 50:
            pass
    finally:
        stop.set()
        writer.join()

    for number, manifest in enumerate(manifests):
        path = tmp_path / f"{number}.tar"
        assert backups.verify(path) == manifest
        assert rows_in(path, tmp_path, "settings") == manifest.rows["audit_events"] >= 5


def test_there_is_no_backup_of_an_empty_database(redis_url, tmp_path):
    path = tmp_path / "nothing.tar"
    app = create_app(configured(f"sqlite:///{tmp_path}/empty.db", redis_url))

    with app.app_context(), pytest.raises(BackupRefused, match="whether DATABASE_URL is right"):
        backups.create(path)

    assert not path.exists()


EVENT = """INSERT INTO audit_events (at, actor, action, target, detail, address)
    VALUES ('2026-11-22 12:00:00', 'x', 'x', '', '{}', '')"""


def rows_in(path, folder, table):
    with tarfile.open(path) as tar:
        dumped = folder / f"{path.stem}.db"
        dumped.write_bytes(tar.extractfile("database.dump").read())
    with sqlite3.connect(dumped) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (flip, "is damaged: its content is not what was written"),
        (lambda path: path.write_bytes(path.read_bytes()[:-30_000]), "cut off or damaged"),
        (lambda path: path.write_bytes(b"something else"), "is no backup of Giga Tools"),
        (lambda path: path.unlink(), "There is no file"),
        (lambda path: rewritten(path, {"format": 2}), "newer version"),
        (lambda path: rewritten(path, {"more": 1}), "its manifest is damaged"),
        (lambda path: rewritten(path, {"rows": {"users": 9}}), "does not hold what it says"),
        (lambda path: rewritten(path, {"revision": "ffffffffffff"}), "another version"),
    ],
)
def test_a_backup_that_is_not_good_is_refused_and_changes_nothing(
    sqlite_app, tmp_path, damage, words
):
    add_person()
    file = tmp_path / "a.tar"
    backups.create(file)
    damage(file)

    checked = run(sqlite_app, "verify", file, code=1)
    restored = run(sqlite_app, "restore", file, "--yes", code=1)

    assert words in checked
    assert words in restored
    assert db.session.scalars(select(UserSession.address)).all() == ["of ada@giga.test"]


def test_a_dump_that_is_damaged_behind_a_right_checksum_is_refused(sqlite_app, tmp_path):
    add_person()
    file = tmp_path / "a.tar"
    backups.create(file)
    with tarfile.open(file) as tar:
        dumped = bytearray(tar.extractfile("database.dump").read())
    dumped[4096 * 2 : 4096 * 4] = bytes(4096 * 2)
    (tmp_path / "dump").write_bytes(dumped)
    rewritten(file, {"sha256": archive.digest(tmp_path / "dump")}, bytes(dumped))

    with pytest.raises(BackupRefused, match="damaged"):
        backups.verify(file)


def test_a_file_that_is_there_is_never_written_over(sqlite_app, tmp_path):
    file = tmp_path / "a.tar"
    file.write_text("somebody's")

    said = run(sqlite_app, "create", file, code=1)

    assert "is there already" in said
    assert file.read_text() == "somebody's"


def test_a_folder_that_is_not_there_is_said_in_words(sqlite_app, tmp_path):
    said = run(sqlite_app, "create", tmp_path / "none" / "a.tar", code=1)

    assert "cannot be written: No such file or directory." in said
