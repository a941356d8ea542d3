"""Whatever a server sends, a call ends with a value or an error of ours, within its time."""

import copy
import gzip
import json
from dataclasses import asdict, is_dataclass
from datetime import datetime
from io import BytesIO

import pytest
import requests
from hypothesis import example, given, settings
from hypothesis import strategies as st
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from app.zendesk.client import Client
from app.zendesk.errors import Answered, SignInRefused, Unreadable, ZendeskError
from app.zendesk.sign_in import ApiToken
from app.zendesk.transport import Timeouts
from tests.zendesk import asking
from tests.zendesk.scripted import ScriptedServer, reply

QUICK = Timeouts(connect=2.0, answer=0.25)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\0", "\ud800", "0", "-1", "true", "https://x/?page=2", "http://["]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FINITE = JSON.filter(
    lambda value: "NaN" not in json.dumps(value) and "Inf" not in json.dumps(value)
)
NESTED = st.sampled_from([b"[", b'{"a":']).map(lambda opening: opening * 100_000)
# What errors come in, with anything inside.
ENVELOPES = st.dictionaries(
    st.sampled_from(["error", "errors", "description", "details", "message", "error_description"]),
    JSON
    | st.lists(st.dictionaries(st.sampled_from(["code", "title", "detail"]), JSON), max_size=2),
    min_size=1,
).map(lambda envelope: json.dumps(envelope).encode())
TEXTS = st.builds(lambda value: json.dumps(value).encode(), JSON)
BODIES = (
    ENVELOPES
    | st.binary(max_size=200)
    | TEXTS
    | NESTED
    | st.sampled_from([asked.answer for asked in asking.ALL]).map(
        lambda answer: json.dumps(answer).encode()
    )
)

NAMES = st.sampled_from(
    [
        *("Content-Type", "Content-Length", "Transfer-Encoding", "Content-Encoding", "Connection"),
        *("Location", "Retry-After", "X-Request-Id", "X-Rate-Limit", "Set-Cookie", "X-Other"),
        *("WWW-Authenticate", "Upgrade", "Trailer"),
    ]
)
VALUES = st.sampled_from(
    [
        *(
            "application/json; charset=utf-8",
            "text/html; charset=punycode",
            "text/plain; charset=idna",
        ),
        *("application/json; charset=\0", "text/plain; charset=nonsense", "text/plain"),
        *(
            "chunked",
            "gzip",
            "deflate",
            "gzip, gzip, gzip, gzip, gzip, gzip",
            "br",
            "zstd",
            "identity",
        ),
        *(
            "0",
            "3",
            "-1",
            "9" * 30,
            "3, 4",
            "1e400",
            "nan",
            "soon",
            "Mon, 23 Nov 2026 00:00:00 GMT",
        ),
        *("/", "//[", "http://[", "\xe9\xff", "/again", "close", "a=b; Max-Age=x", "x" * 70_000),
    ]
) | st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=20)
STATUSES = st.integers(100, 599) | st.sampled_from(
    [200, 200, 201, 302, 401, 404, 422, 429, 500, 503]
)


@st.composite
def orderly(draw):
    """An answer whose body is as long as it says, though it may hold anything."""
    headers = draw(
        st.lists(st.tuples(NAMES.filter(lambda name: name[:7] != "Content"), VALUES), max_size=3)
    )
    return [_reply(draw(STATUSES), draw(BODIES), headers)]


@st.composite
def disorderly(draw):
    """An answer that is cut, garbled, or not what its own headers say."""
    status = draw(STATUSES | st.sampled_from(["abc", "", "99", "1000", "-1", "200 OK\0"]))
    headers = draw(st.lists(st.tuples(NAMES, VALUES), max_size=4))
    head = "\r\n".join(
        [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers)]
    )
    body = draw(BODIES | CHUNKS | BODIES.map(gzip.compress))
    whole = (
        head.encode("latin-1") + draw(st.sampled_from([b"\r\n\r\n", b"\n\n", b"\r\n", b""])) + body
    )
    cut = draw(st.none() | st.integers(0, len(whole)))
    return [whole[:cut]]


CHUNKS = st.lists(
    st.sampled_from(
        [b"2\r\n{}\r\n", b"0\r\n\r\n", b"zz\r\n", b"5;x=y\r\nab", b"f" * 40 + b"\r\n", b"-1\r\n"]
    )
).map(b"".join)
MANY_HEADERS = b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 300 + b"\r\n"
RUDE = st.sampled_from(
    [
        [],
        [b"\0" * 5_000],
        [MANY_HEADERS],
        [b"HTTP/1.1 100 Continue\r\n\r\n" * 200],
        [b"HTTP/0.9 nothing"],
        [b"x" * 100_000],
        [reply(200, b"{}", [("Location", "/")]), reply(500)],
    ]
)
# A body that is not what its encoding promises, whole or in part.
ENCODED = st.builds(
    lambda encoding, body: [reply(200, body, [("Content-Encoding", encoding)])],
    st.sampled_from(["gzip", "deflate", "gzip, deflate", ", ".join(["gzip"] * 6)]),
    st.binary(max_size=50) | st.integers(1, 30).map(lambda size: gzip.compress(b"{}" * 50)[:size]),
)
SILENT = [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", 0.5]
ASKED = st.sampled_from(asking.ALL)


def _reply(status, body, headers):
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@pytest.fixture(scope="module")
def server():
    server = ScriptedServer()
    yield server
    server.close()


def ask(asked, client):
    """The value, and the error if it is one of ours. Any other error ends the test."""
    try:
        return asked.of(client), None
    except ZendeskError as error:
        return None, error


@pytest.mark.long
@example(asked=asking.ALL[0], script=SILENT)
@example(asked=asking.ALL[0], script=[0.5])
@given(asked=ASKED, script=orderly() | disorderly() | ENCODED | RUDE)
@settings(max_examples=400, deadline=None)
def test_any_bytes_give_a_value_or_an_error_of_ours(server, asked, script):
    server.script = script
    client = Client(server.url, ApiToken("a@x.test", "t"), None, QUICK)

    _, error = ask(asked, client)

    assert error is None or str(error).isprintable()
    assert len(str(error)) < 700


class Answering(BaseAdapter):
    """Gives the same answer to each call, without a network, so that many can be tried."""

    def __init__(self, answer, status=200):
        super().__init__()
        self.body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.status = status

    def send(self, request, **_):
        response = requests.Response()
        response.status_code, response.request = self.status, request
        response.raw = HTTPResponse(body=BytesIO(self.body), preload_content=False)
        return response

    def close(self):
        pass


@given(status=st.integers(300, 599), body=ENVELOPES)
@settings(max_examples=500, deadline=None)
def test_whatever_is_in_a_refusal_it_can_be_shown(status, body):
    client = Client("http://x.test", ApiToken("a@x.test", "t"), Answering(body, status))

    with pytest.raises(Answered) as refusal:
        client.me()

    error = refusal.value
    sentences = [detail.words for field in error.details.values() for detail in field]
    assert all(text.isprintable() for text in [str(error), error.words, error.name, *sentences])
    assert max(map(len, [error.words, error.name, *sentences])) <= 500


@st.composite
def changed(draw):
    """Something we ask, and its proper answer with one value replaced by any other, or left out."""
    asked = draw(ASKED)
    answer = copy.deepcopy(asked.answer)
    holder, key = draw(st.sampled_from(list(places(answer))))
    if draw(st.booleans()) and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = draw(JSON)
    return asked, answer


def places(value):
    """Each place in a JSON value, as what holds it and the key or index it has there."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def vars_of(value):
    """What JSON does not know by itself: our values, times, and sets."""
    if isinstance(value, datetime):
        return value.isoformat()
    return asdict(value) if is_dataclass(value) else sorted(value)


@given(changed())
@settings(max_examples=1_000, deadline=None)
def test_any_value_in_any_place_gives_a_value_or_an_error_of_ours(change):
    asked, answer = change
    client = Client("http://x.test", ApiToken("a@x.test", "t"), Answering(answer))

    value, error = ask(asked, client)

    assert error is None or isinstance(error, Unreadable | SignInRefused)
    assert value is None or json.dumps(value, default=vars_of)


@pytest.mark.long
@given(
    asked=ASKED.filter(lambda asked: not asked.name.startswith("apply_macro")),
    extra=st.dictionaries(st.integers().map("new_{}".format), FINITE, min_size=1),
)
@settings(max_examples=200, deadline=None)
def test_fields_that_we_do_not_know_change_nothing(asked, extra):
    answer = copy.deepcopy(asked.answer)
    for record in [answer, *(holder[key] for holder, key in list(places(answer)))]:
        if isinstance(record, dict) and "console_job" not in record:  # there, any key is ours
            record.update(extra)

    found = asked.of(Client("http://x.test", ApiToken("a@x.test", "t"), Answering(answer)))

    plain = asked.of(Client("http://x.test", ApiToken("a@x.test", "t"), Answering(asked.answer)))
    assert found == plain
