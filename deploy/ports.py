"""Loopback ports: which are free."""

import socket

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen there, and nobody answers already.

    macOS lets a loopback address be bound beside a server that listens on all addresses (its
    AirPlay receiver does, on port 5000), so binding alone proves nothing.
    """
    with socket.socket() as caller:
        caller.settimeout(0.5)
        if caller.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket() as server:
        # As servers do: connections of one that just stopped may linger.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        return server.getsockname()[1]
