"""Calls to addresses that people type: to the internet alone, and to the very host that was checked."""

import socket
import ssl
from ipaddress import ip_address

import pytest
import requests
from flask import Flask

from app.services import outward
from app.services.outward import Refused, Unreachable
from tests.fixtures.tls import certificate
from tests.zendesk.scripted import ScriptedServer, reply

WITHIN = [
    *("127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("192.0.0.192", "168.63.129.16", "192.88.99.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("2002:7f00:1::1", "2001:0:7f00:1::1"),
]


class Names:
    """A resolver that knows these names only, each answer once in turn, and how often it was asked."""

    def __init__(self):
        self.known, self.asked = {}, []

    def look_up(self, host, port, *_, **__):
        self.asked.append(host)
        if host in self.known:
            answers = self.known[host]
            found = answers.pop(0) if len(answers) > 1 else answers[0]
        else:
            found = [str(self._literal(host))]
        kind = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [(kind[ip_address(one).version], 1, 6, "", (one, port)) for one in found]

    @staticmethod
    def _literal(host):
        try:
            return ip_address(host)
        except ValueError:
            raise socket.gaierror(-2, "Name or service not known") from None


@pytest.fixture
def names(monkeypatch):
    names = Names()
    monkeypatch.setattr(socket, "getaddrinfo", names.look_up)
    return names


@pytest.fixture
def settings():
    """An app with nothing but the settings of this matter."""
    app = Flask(__name__)
    app.config |= {"WEBHOOK_ALLOWED_HOSTS": "", "WEBHOOK_ALLOW_HTTP": False}
    with app.app_context():
        yield app.config


@pytest.fixture
def server():
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def hook(server, settings, names):
    """The server's address under a name, which the operator allows."""
    port = server.address.partition(":")[2]
    names.known["hooks.test"] = [["127.0.0.1"]]
    settings |= {"WEBHOOK_ALLOWED_HOSTS": f"hooks.test:{port}", "WEBHOOK_ALLOW_HTTP": True}
    return f"http://hooks.test:{port}/there?a=b"


@pytest.mark.parametrize("address", WITHIN)
def test_a_name_for_a_place_within_is_refused(settings, names, address):
    names.known["hooks.example.com"] = [[address]]

    with pytest.raises(Refused, match="not to the internet"):
        outward.check("https://hooks.example.com/")


def test_one_address_within_spoils_those_outside(settings, names):
    names.known["hooks.example.com"] = [["93.184.215.14", "127.0.0.1"]]

    with pytest.raises(Refused, match="not to the internet"):
        outward.check("https://hooks.example.com/")


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::1]", "localhost"]
)
def test_other_ways_to_write_this_machine_are_refused(settings, host):
    with pytest.raises(Refused, match="not to the internet"):
        outward.check(f"https://{host}/")


def test_an_address_on_the_internet_is_taken_with_where_it_leads_to(settings, names):
    names.known["hooks.example.com"] = [["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14"]]

    place = outward.check("https://Hooks.Example.com:8443/giga?token=1")

    assert place.addresses == ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert place.host_header == "hooks.example.com:8443"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "whole address"),
        ("hooks.example.com", "whole address"),
        ("ftp://hooks.example.com", "whole address"),
        ("file:///etc/passwd", "whole address"),
        ("https://", "whole address"),
        ("https://hooks.example.com:0/", "whole address"),
        ("https://hooks.example.com:99999/", "whole address"),
        ("https://hooks.example.com\\@127.0.0.1/", "whole address"),
        ("https://hooks.example.com/\r\nHost: x", "whole address"),
        ("https://hooks.ex\u00e4mple.com/", "whole address"),
        ("https://[::1/", "whole address"),
        ("http://hooks.example.com/", "must begin with https://"),
        ("https://ada:pass@hooks.example.com/", "no name or password"),
        ("https://hooks.example.com:25/", "Port 25"),
        ("https://hooks.example.com/" + "a" * 2000, "longer than"),
    ],
)
def test_what_is_no_fit_address_is_refused_before_anybody_is_asked(settings, names, url, words):
    with pytest.raises(Refused, match=words):
        outward.check(url)

    assert names.asked == []


def test_a_name_that_nobody_knows_is_said(settings, names):
    with pytest.raises(Unreachable, match=r"no host named hooks\.example\.com"):
        outward.check("https://hooks.example.com/")


def test_what_was_posted_arrives_as_it_is(server, hook):
    server.script = [reply(202, b"thank you")]

    answer = outward.post(hook, b'{"a": 1}', {"Content-Type": "application/json", "X-Signed": "s"})

    assert answer == (202, "thank you")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert body == b'{"a": 1}'
    assert head.startswith(b"POST /there?a=b HTTP/1.1\r\n")
    assert f"\r\nHost: hooks.test:{server.address.partition(':')[2]}\r\n".encode() in head
    assert b"\r\nX-Signed: s" in head


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(server, hook, names):
    server.script = [reply()]
    names.known["hooks.test"] = [["127.0.0.1"], ["192.0.2.1"]]

    outward.post(hook, b"", {})

    assert names.asked.count("hooks.test") == 1
    assert len(server.requests) == 1


def test_a_name_that_moves_within_after_it_was_saved_is_refused(server, hook, names, settings):
    settings["WEBHOOK_ALLOWED_HOSTS"] = ""

    with pytest.raises(Refused, match="not to the internet"):
        outward.post(hook, b"", {})

    assert server.requests == []


def test_an_allowed_host_is_allowed_at_its_port_alone(hook, settings):
    with pytest.raises(Refused, match="not to the internet"):
        outward.check("http://hooks.test:8080/")

    settings["WEBHOOK_ALLOWED_HOSTS"] = "other.test, hooks.test"
    assert outward.check("http://hooks.test:81/").port == 81


def test_a_redirect_is_an_answer_and_not_followed(server, hook):
    server.script = [reply(302, b"", [("Location", server.url)])]

    assert outward.post(hook, b"", {}).status == 302
    assert len(server.requests) == 1


def test_no_proxy_is_asked_and_no_password_looked_for(server, hook, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("default login ada password pass")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.script = [reply()]

    assert outward.post(hook, b"", {}).status == 200
    assert b"Authorization" not in server.requests[0]


def test_of_a_long_answer_only_the_start_is_read(server, hook):
    server.script = [reply(200, b"\xff\0" + b"a" * 100_000)]

    answer = outward.post(hook, b"", {})

    assert answer.text_start == "\ufffd " + "a" * (outward.READ_OF_ANSWER - 2)


def test_the_next_address_is_tried_where_nothing_listens(server, hook, names):
    server.script = [reply()]
    names.known["hooks.test"] = [["127.99.99.99", "127.0.0.1"]]

    assert outward.post(hook, b"", {}).status == 200


def test_nobody_there_is_said(server, hook, names):
    names.known["hooks.test"] = [["127.99.99.99"]]

    with pytest.raises(Unreachable, match=r"hooks\.test could not be reached"):
        outward.post(hook, b"", {})


def test_what_may_have_arrived_is_not_sent_to_another_address(server, hook, names):
    server.script = [b"not HTTP at all\r\n\r\n"]
    names.known["hooks.test"] = [["127.0.0.1", "127.0.0.1", "127.0.0.2"]]

    with pytest.raises(Unreachable, match=r"hooks\.test gave no answer"):
        outward.post(hook, b"", {})

    assert len(server.requests) == 1


@pytest.fixture
def trusted_server(tmp_path, settings, names, monkeypatch):
    """Behind TLS, with a certificate for 127.0.0.1 that this machine trusts."""
    public, private = certificate(tmp_path)
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(public))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    server = ScriptedServer(context)
    server.script = [reply()]
    names.known["hooks.test"] = [["127.0.0.1"]]
    settings["WEBHOOK_ALLOWED_HOSTS"] = "127.0.0.1,hooks.test"
    yield server
    server.close()


def test_the_certificate_is_checked_for_the_name_that_was_typed(trusted_server):
    port = trusted_server.address.partition(":")[2]

    assert outward.post(f"https://127.0.0.1:{port}/", b"", {}).status == 200
    with pytest.raises(Unreachable, match="certificate is not trusted"):
        outward.post(f"https://hooks.test:{port}/", b"", {})
