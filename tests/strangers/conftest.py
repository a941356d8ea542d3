"""The sandbox on a socket, plain and behind TLS, for clients that others wrote."""

import threading

import pytest

from tests.fixtures import tls


@pytest.fixture
def desk(make_sandbox):
    """A help desk with people, views and macros, whose minute and jobs are quick."""
    return make_sandbox(tickets=600, speed=600, requests_per_minute=100_000)


@pytest.fixture
def serve():
    """Serve a WSGI app on a port of its own."""
    running = []

    def serve(app, files=None):
        server = tls.server(app, files)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return server.server_port

    yield serve
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that vouches for itself, and its key, as files."""
    return tls.certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls_port(desk, serve, certificate, monkeypatch):
    """The port of the desk behind TLS; requests trusts its certificate."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    return serve(desk, certificate)
