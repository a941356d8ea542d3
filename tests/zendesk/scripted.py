"""A server that answers with whatever bytes it is told to, as badly as it is told to."""

import socket
import threading
import time
from contextlib import suppress

TLS_HELLO = b"\x16"


class ScriptedServer:
    """Reads a request, sends the pieces of its script, and closes the connection.

    A piece is bytes, or seconds to wait. It keeps the requests that it got.
    """

    def __init__(self, tls=None):
        self._tls = tls
        self.script = []
        self.requests = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self):
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def url(self):
        return f"http://{self.address}"

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with suppress(OSError), self._secured(connection) as spoken:
                self.requests.append(_request(spoken))
                self._say(spoken)

    def _secured(self, connection):
        connection.settimeout(10)
        return self._tls.wrap_socket(connection, server_side=True) if self._tls else connection

    def _say(self, connection):
        for piece in self.script:
            if isinstance(piece, bytes):
                connection.sendall(piece)
            else:
                time.sleep(piece)


def _request(connection):
    data = b""
    while b"\r\n\r\n" not in data and not data.startswith(TLS_HELLO):
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            missing = int(line.partition(b":")[2]) - len(body)
            while missing > 0 and (piece := connection.recv(65536)):
                data, missing = data + piece, missing - len(piece)
    return data


def reply(status=200, body=b"{}", headers=()):
    """An orderly answer, as bytes, which says that the connection ends with it."""
    lines = [f"HTTP/1.1 {status} Said".encode(), b"Content-Length: %d" % len(body)]
    lines.append(b"Connection: close")
    lines += [f"{name}: {value}".encode() for name, value in headers]
    return b"\r\n".join([*lines, b"", body])
