"""How calls are carried: bounded in time and size, signed anew once, and without a trace of the credentials."""

import gc
import gzip
import logging
import socket
import ssl
import traceback
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from app.zendesk.deadline import BoundedAdapter
from app.zendesk.errors import (
    AnswerLost,
    NotSent,
    RateLimited,
    SignInRefused,
    Unreadable,
    WrongAddress,
    ZendeskError,
)
from app.zendesk.sign_in import ApiToken, OAuthClient
from app.zendesk.transport import Timeouts, Transport
from tests.zendesk.scripted import ScriptedServer, reply

QUICK = Timeouts(connect=2.0, answer=0.3)


@pytest.fixture
def server():
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def same_server():
    """One for the many examples of a property."""
    server = ScriptedServer()
    yield server
    server.close()


def transport(server, timeouts=None, **more):
    return Transport(server.url, ApiToken("a@x.test", "t"), None, timeouts, **more)


def call(server, *script, timeouts=None, **more):
    server.script = list(script)
    return transport(server, timeouts, **more).call("GET", "users/me")


def test_gives_the_object_that_was_answered(server):
    assert call(server, reply(200, b'{"a": [1]}')) == {"a": [1]}


def drip(text, start=b""):
    """The text, a byte now and then: slow, but with never a long silence. It would be complete after some seconds."""
    return [start, *(piece for byte in text for piece in (bytes([byte]), 0.03))]


@pytest.mark.parametrize(
    "script",
    [
        drip(b'{"a": 1}' + b" " * 100, b"HTTP/1.1 200 OK\r\nContent-Length: 108\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 70 + b'\r\nContent-Length: 8\r\n\r\n{"a": 1}'),
        drip(
            b"1\r\n \r\n" * 20 + b"2\r\n{}\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 4 + reply()),
    ],
    ids=["body", "headers", "chunks", "continue"],
)
def test_an_answer_that_drips_is_given_up(server, script):
    with pytest.raises(AnswerLost):
        call(server, *script, timeouts=QUICK)


def test_silence_is_given_up(server):
    with pytest.raises(AnswerLost):
        call(server, 1.0, reply(), timeouts=QUICK)


def test_a_slow_answer_within_its_time_is_taken(server):
    assert call(server, 0.2, reply(200, b'{"a": 1}')) == {"a": 1}


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b'{"a": "' + b"a" * 2_000 + b'"}'),
        reply(
            200, gzip.compress(b'{"a": "' + b"a" * 2_000 + b'"}'), [("Content-Encoding", "gzip")]
        ),
    ],
    ids=["as it is", "compressed"],
)
def test_an_answer_that_is_too_large_is_not_taken_in(server, answer):
    with pytest.raises(Unreadable, match="larger"):
        call(server, answer, largest_answer=1_000)


def test_a_refusal_counts_though_its_body_breaks_off(server):
    head = b"HTTP/1.1 429 Slow down\r\nRetry-After: 7\r\nContent-Length: 500\r\n\r\nNumber"

    with pytest.raises(RateLimited) as limit:
        call(server, head)

    assert limit.value.retry_after == 7


def test_a_body_that_breaks_off_is_a_lost_answer(server):
    with pytest.raises(AnswerLost):
        call(server, b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"a": 1}')


@pytest.mark.parametrize("cookie", ["", "a=b"])
def test_a_redirect_is_neither_followed_nor_read(server, cookie):
    headers = [("Location", f"{server.url}/elsewhere"), ("Set-Cookie", cookie)]

    with pytest.raises(WrongAddress):
        call(server, reply(307, b"", headers))

    assert len(server.requests) == 1


def test_a_server_without_tls_was_not_sent_anything(server):
    server.script = [reply()]
    secure = Transport(f"https://{server.address}", ApiToken("a@x.test", "t"), None, QUICK)

    with pytest.raises(NotSent, match="no secure connection"):
        secure.call("GET", "users/me")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that only whoever is told to trusts, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(
        now + timedelta(days=1)
    )
    signed = builder.add_extension(address, critical=False).sign(key, SHA256())
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(signed.public_bytes(Encoding.PEM) + private)
    return str(path)


@pytest.fixture
def secure_server(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = ScriptedServer(context)
    yield server
    server.close()


def test_a_certificate_that_is_not_trusted_is_named(secure_server):
    secure = Transport(f"https://{secure_server.address}", ApiToken("a@x.test", "t"))

    with pytest.raises(NotSent, match=r"SSLCertVerificationError|SSLError"):
        secure.call("GET", "users/me")

    assert not secure_server.requests


def test_the_bound_holds_over_tls(secure_server, certificate):
    secure_server.script = drip(
        b'{"a": 1}' + b" " * 100, b"HTTP/1.1 200 OK\r\nContent-Length: 108\r\n\r\n"
    )
    session = requests.Session()
    session.mount("https://", BoundedAdapter())

    with pytest.raises(requests.ConnectionError, match="timed out"):
        session.get(f"https://{secure_server.address}", timeout=(2, 0.3), verify=certificate)

    assert len(secure_server.requests) == 1


def test_nothing_is_sent_where_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]

    with pytest.raises(NotSent):
        Transport(f"http://127.0.0.1:{free}", ApiToken("a@x.test", "t")).call("GET", "users/me")


@pytest.mark.parametrize("base_url", ["http://[", "http://", "nonsense", "http://a..b.test"])
def test_an_address_that_is_none_was_not_sent_anything(base_url):
    with pytest.raises(ZendeskError) as error:
        Transport(base_url, ApiToken("a@x.test", "t")).call("GET", "users/me")

    assert not error.value.may_be_done


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a": NaN}', '{"a": 1}\0', '{"a": ' + "9" * 5_000 + "}"]
)
def test_what_is_no_json_is_unreadable(server, body):
    with pytest.raises(Unreadable):
        call(server, reply(200, body.encode()))


@pytest.mark.parametrize("body", [b"{}", b"[", b'{"a": ' * 100_000])
def test_memory_is_cleaned_up_as_before_once_an_answer_is_read(server, body):
    with suppress(Unreadable):
        call(server, reply(body=body))

    assert gc.isenabled()


def test_texts_that_no_database_takes_are_mended(server):
    answer = call(server, reply(200, rb'{"a\ud800": ["\u0000b", {"c": "\ud83d\ude00\udfff"}]}'))

    assert answer == {"a?": [" b", {"c": "😀?"}]}


class Renewable:
    """A sign-in whose first token is refused."""

    def __init__(self, can_renew):
        self.can_renew, self.signed = can_renew, 0

    def sign(self, session, base_url, request):
        self.signed += 1
        request.headers["Authorization"] = f"Bearer {self.signed}"

    def refused(self, request):
        return self.can_renew


@pytest.mark.parametrize(("can_renew", "calls"), [(True, 2), (False, 1)])
def test_a_refused_call_is_sent_once_more_if_the_sign_in_was_renewed(server, can_renew, calls):
    server.script = [reply(401, b'{"error": "invalid_token"}')]

    with pytest.raises(SignInRefused):
        Transport(server.url, Renewable(can_renew)).call("PUT", "tickets/1", body={"ticket": {}})

    assert [f"Bearer {i + 1}".encode() in sent for i, sent in enumerate(server.requests)] == [
        True
    ] * calls


# What may come back, from well-behaved to broken.
ANSWERS = st.sampled_from(
    [
        *(reply(status, b'{"error": "no"}') for status in (401, 403, 404, 422, 429, 500)),
        reply(200, b"{"),
        reply(307, b"", [("Location", "//elsewhere")]),
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"",
    ]
)
# Characters that credentials should not have are tried as well: what complains of them quotes them.
SECRETS = st.text(st.sampled_from("ab:/+= \n\r\0é€🙂%"), max_size=4).map(
    lambda end: f"mArKeR-{end}"
)
SIGN_INS = {
    "API token": lambda secret: ApiToken("a@x.test", secret),
    "OAuth client": lambda secret: OAuthClient("some-client", secret),
    "access token": lambda secret: OAuthClient(
        "some-client", "x", _token=secret, _ends_at=float("inf")
    ),
}


@pytest.mark.parametrize("sign_in", SIGN_INS.values(), ids=SIGN_INS)
@given(secret=SECRETS, answer=ANSWERS)
@settings(max_examples=60, deadline=None)
def test_nothing_secret_is_in_what_goes_wrong(same_server, sign_in, secret, answer):
    same_server.script = [answer]
    kept = Kept()
    logging.getLogger().addHandler(kept)
    carrier = Transport(same_server.url, sign_in(secret), None, Timeouts(2.0, 2.0))

    try:
        with pytest.raises(ZendeskError) as error:
            carrier.call("GET", "users/me")
    finally:
        logging.getLogger().removeHandler(kept)

    told = "\n".join([*shown(error.value), repr(carrier), *kept.lines])
    assert "mArKeR" not in told
    assert "bUFyS2VS" not in told  # the same in base64


class Kept(logging.Handler):
    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


def shown(error):
    """All that a log, a traceback or a curious reader of attributes would show of an error and of its causes."""
    yield "".join(traceback.format_exception(error))
    while error is not None:
        yield f"{error} {error!r} {error.args!r} {vars(error)!r}"
        request = getattr(error, "request", None)
        yield repr(request and (dict(request.headers), request.body))
        error = error.__cause__ or error.__context__
