"""Static files: at an address that changes with their content, kept by browsers for a year, and sent compressed.

Pages are not compressed: they hold a form's token beside words that others may choose, and the length of a compressed
answer would tell of it (BREACH). Static files hold no secret.
"""

import gzip
import hashlib
import mimetypes
import os.path
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED = {".css", ".js", ".svg"}
DIGITS = 12


def init_app(app: Flask) -> None:
    app.url_defaults(_add_version)
    app.view_functions["static"] = send
    app.session_interface = _PagesOnly()


class _PagesOnly(SecureCookieSessionInterface):
    """A static file is the same for everybody: a browser keeps it also when somebody else signs in."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static":
        values.setdefault("v", version(values["filename"]))


def version(filename: str) -> str | None:
    """What stands for the content of a static file in its address; None for one that is not there."""
    path = _path(filename)
    return _read(path, path.stat().st_mtime_ns).version if path else None


def send(filename: str) -> Response:
    """The file; for ever if it is asked for by its content, else to be asked for again each time."""
    path = _path(filename)
    if path is None:
        raise NotFound
    file = _read(path, path.stat().st_mtime_ns)
    packed = file.packed if request.accept_encodings["gzip"] else None
    response = Response(packed or file.content, mimetype=file.kind)
    response.set_etag(file.version + ("-gzip" if packed else ""))
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    is_asked_by_content = request.args.get("v") == file.version
    response.headers["Cache-Control"] = FOR_EVER if is_asked_by_content else "no-cache"
    response.make_conditional(request)
    return response


class _File:
    """A static file as it is sent. Those of them all take less than a megabyte of memory."""

    def __init__(self, path: Path):
        self.content = path.read_bytes()
        self.version = hashlib.sha256(self.content).hexdigest()[:DIGITS]
        self.kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        is_text = path.suffix in COMPRESSED
        self.packed = gzip.compress(self.content, 9, mtime=0) if is_text else None


@cache
def _read(path: Path, _changed_at: int) -> _File:
    """Read and compressed once, and again when somebody has changed it."""
    return _File(path)


def _path(filename: str) -> Path | None:
    joined = safe_join(str(current_app.static_folder), filename)
    # Not `Path.is_file`, which raises an error for a name that is too long.
    return Path(joined) if joined and os.path.isfile(joined) else None
