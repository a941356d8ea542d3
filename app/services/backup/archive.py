"""The file of a backup: a tar archive of a manifest, and of the database as its own program has dumped it."""

import hashlib
import io
import json
import os
import tarfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from app.services.backup.refusal import BackupRefused

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
_PIECE = 2**20
_LARGEST_MANIFEST = 2**20


@dataclass(frozen=True)
class Manifest:
    kind: str  # of database: sqlite or postgresql
    app: str  # the version that made it
    revision: str  # of the migrations
    made_at: str  # ISO 8601, UTC
    rows: dict[str, int]  # by table
    sha256: str  # of the dump
    size: int  # of the dump, in bytes
    format: int = FORMAT

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Raises BackupRefused."""
        try:
            told: dict[str, Any] = json.loads(content)
            if told["format"] != FORMAT:
                raise BackupRefused(
                    "This backup was made by a newer version of Giga Tools, which alone can read it."
                )
            manifest = cls(**told)
            manifest.made  # noqa: B018 - it must be a time
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BackupRefused(
                "This is no backup of Giga Tools: its manifest is damaged."
            ) from None
        return manifest


def write(path: Path, manifest: Manifest, dump: Path) -> None:
    """All of it or nothing, and readable by nobody else from the first byte. Raises BackupRefused if it is there."""
    new = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with (
            os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            tarfile.open(fileobj=file, mode="w") as tar,
        ):
            content = json.dumps(asdict(manifest), indent=2).encode()
            tar.addfile(_member(MANIFEST, len(content)), io.BytesIO(content))
            with dump.open("rb") as dumped:
                tar.addfile(_member(DUMP, manifest.size), dumped)
            tar.close()
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, path)  # unlike a renaming, it never replaces what is there
        except FileExistsError:
            raise already_there(path) from None
    except OSError as error:
        raise BackupRefused(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        with suppress(FileNotFoundError):
            new.unlink()


def already_there(path: Path) -> BackupRefused:
    return BackupRefused(f"{path} is there already: choose another name.")


def read(path: Path, dump: Path) -> Manifest:
    """The manifest; the dump goes to `dump`, once its checksum was found right. Raises BackupRefused."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            manifest = Manifest.parse(_small(tar, MANIFEST))
            found = _copy(tar, dump)
    except FileNotFoundError:
        raise BackupRefused(f"There is no file {path}.") from None
    except (tarfile.TarError, KeyError, EOFError):
        raise BackupRefused(
            f"{path} is no backup of Giga Tools, or it was cut off or damaged."
        ) from None
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror}.") from None
    if found != manifest.sha256:
        raise BackupRefused(
            f"{path} is damaged: its content is not what was written (sha256). Use another backup."
        )
    return manifest


def digest(path: Path) -> str:
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            sha.update(piece)
    return sha.hexdigest()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _small(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read(_LARGEST_MANIFEST)


def _copy(tar: tarfile.TarFile, to: Path) -> str:
    """The sha256 of the dump, which was written there. Not extracted by name: an archive may name any place."""
    dumped = tar.extractfile(DUMP)
    if dumped is None:
        raise KeyError(DUMP)
    sha = hashlib.sha256()
    with to.open("xb") as file:
        while piece := dumped.read(_PIECE):
            sha.update(piece)
            file.write(piece)
    return sha.hexdigest()
