"""Bounds how long an answer may take as a whole.

What requests calls the read timeout starts anew with each piece that arrives: a server that sends a byte now and then
would hold its caller for ever. Here it counts once, from the call to the last byte.
"""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError


class BoundedAdapter(HTTPAdapter):
    """Carries requests over the network; the read timeout of a call bounds the whole of its answer."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _BoundedReads(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, connection: socket.socket):
        self._raw = raw
        self._socket = connection
        # At this moment the socket's timeout is the time that the answer may take.
        self._end = time.monotonic() + (connection.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._socket.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any):
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_BoundedReads(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _BoundedResponse

    def connect(self) -> None:
        """Whatever fails here failed before anything was sent; urllib3 gives some of it other names."""
        try:
            super().connect()
        except ConnectTimeoutError:
            raise
        except (OSError, HTTPError) as error:
            raise NewConnectionError(self, type(error).__name__) from error


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection  # pyright: ignore[reportAssignmentType] - so urllib3's own is, too


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection  # pyright: ignore[reportAssignmentType]
