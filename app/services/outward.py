"""Calls to addresses that people type, such as those of webhooks: to the world outside, and to nothing within.

The name is resolved once. What it stands for is checked, and that very address is connected to: a name that answers
differently the second time gains nothing. Redirects are not followed, and no proxy is asked.
"""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

import requests
from flask import current_app

from app.zendesk.answer import BROKEN, NO_CONNECTION
from app.zendesk.deadline import BoundedAdapter

# Seconds to connect, and from there to the last byte that is read.
TIMEOUTS = (5.0, 10.0)
LONGEST_URL = 2000
# Of an answer as much is read as tells a person what went wrong.
READ_OF_ANSWER = 2048

_PORTS = {"https": 443, "http": 80}
_FIRST_FREE_PORT = 1024  # the ones below are for mail, remote sign-in and such
# Public by their numbers, and yet within: where clouds tell their machines secrets (Oracle's, Azure's), and relays that
# lead IPv4 elsewhere.
_WITHIN_TOO = [ip_network(one) for one in ("192.0.0.0/24", "168.63.129.16", "192.88.99.0/24")]
_URL = re.compile(r"[!-\[\]^-~]+")  # printable ASCII without spaces and backslashes


class Refused(Exception):
    """We do not call this address. Its text says why, to the person who typed it."""


class Unreachable(Exception):
    """The address may be called, but nothing came back. Its text says why."""


class Answer(NamedTuple):
    status: int
    text_start: str  # hostile: whatever the other side wrote


@dataclass(frozen=True)
class Place:
    """Where an address leads to. `addresses` are those that were checked, and no others are connected to."""

    url: str
    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def check(url: str) -> Place:
    """Where the address leads to. Raises Refused, and Unreachable for a name that nobody knows.

    The hosts of WEBHOOK_ALLOWED_HOSTS may be within, and at any port.
    """
    parts = _parts(url)
    host, port = _host_and_port(parts)
    is_allowed = _is_allowed(host, port)
    if not is_allowed and port != _PORTS[parts.scheme] and port < _FIRST_FREE_PORT:
        raise Refused(f"Port {port} is not for web addresses. Use 443, or one from 1024 up.")
    found = _resolved(host, port)
    if not is_allowed and not all(is_outside(ip_address(one)) for one in found):
        raise Refused(
            "This address leads into a network of its own, not to the internet. If it is meant, the operator can "
            "name its host in WEBHOOK_ALLOWED_HOSTS."
        )
    return Place(url, parts.scheme, host, port, found)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send the body there, whatever the status of the answer. Raises Refused and Unreachable.

    Takes at most some 15 seconds for each of two addresses, and what the resolver takes.
    """
    place = check(url)
    for address in place.addresses[:2]:
        try:
            return _posted(place, address, body, headers)
        except _NotConnected:
            continue
    raise Unreachable(f"{place.host} could not be reached: no connection could be made.")


def is_outside(address: IPv4Address | IPv6Address) -> bool:
    """Is it a place on the internet, and no disguise of another?

    IPv4 written as IPv6 (mapped, compatible, NAT64) counts as reserved, and 6to4 is known by its prefix.
    """
    within = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    if isinstance(address, IPv4Address):
        within = within or any(address in network for network in _WITHIN_TOO)
    else:
        within = within or address.is_site_local or address.sixtofour is not None
    return address.is_global and not within


class _NotConnected(Exception):
    """Nothing was sent to this address: another of the same name may be tried."""


class _PinnedAdapter(BoundedAdapter):
    """Connects to one address, and wants there the certificate of the place's host."""

    def __init__(self, place: Place, address: str):
        super().__init__(pool_connections=1, pool_maxsize=1)
        self._place, self._address = place, address

    def build_connection_pool_key_attributes(
        self, request: Any, verify: Any, cert: Any = None
    ) -> Any:
        server, how = super().build_connection_pool_key_attributes(request, verify, cert)
        server = {**server, "host": self._address, "port": self._place.port}
        if self._place.scheme == "http":
            return server, how
        return server, {
            **how,
            "server_hostname": self._place.host,
            "assert_hostname": self._place.host,
        }


def _posted(place: Place, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    fixed = {"Host": place.host_header, "User-Agent": "Giga Tools", "Accept-Encoding": "identity"}
    adapter = _PinnedAdapter(place, address)
    try:
        request = requests.Request("POST", place.url, headers={**headers, **fixed}, data=body)
        # By the adapter alone: a session would follow redirects, and look for proxies and passwords around it.
        with adapter.send(request.prepare(), stream=True, timeout=TIMEOUTS) as response:
            start = response.raw.read(READ_OF_ANSWER, decode_content=False)
            return Answer(response.status_code, start.decode(errors="replace").replace("\0", " "))
    except BROKEN as error:
        raise _meaning(place, error) from None
    finally:
        adapter.close()


def _meaning(place: Place, error: Exception) -> Exception:
    """Only a connection that was never made is tried at another address: what was sent may have been done."""
    if isinstance(error, requests.exceptions.SSLError) or "SSL" in _cause(error):
        return Unreachable(f"{place.host} could not be reached: its certificate is not trusted.")
    if isinstance(error, requests.ConnectTimeout) or _cause(error) in NO_CONNECTION:
        return _NotConnected()
    return Unreachable(f"{place.host} gave no answer ({type(error).__name__}).")


def _cause(error: Exception) -> str:
    """The name of what lies below: urllib3 packs an error into others."""
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    below = type(getattr(reason, "__cause__", None)).__name__
    return below if "SSL" in below else type(reason).__name__


def _parts(url: str) -> SplitResult:
    no_address = Refused("Type a whole address, such as https://hooks.example.com/giga.")
    if len(url) > LONGEST_URL:
        raise Refused(f"The address is longer than {LONGEST_URL:,} characters.")
    if not _URL.fullmatch(url):
        raise no_address
    try:
        parts = urlsplit(url)
        fits = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise no_address from None
    if parts.scheme not in _PORTS or not fits:
        raise no_address
    if parts.scheme == "http" and not current_app.config["WEBHOOK_ALLOW_HTTP"]:
        raise Refused(
            "The address must begin with https://, so that nobody on the way can read it."
        )
    if "@" in parts.netloc:
        raise Refused("The address must hold no name or password.")
    return parts


def _host_and_port(parts: SplitResult) -> tuple[str, int]:
    host = (parts.hostname or "").rstrip(".")
    return host, parts.port or _PORTS[parts.scheme]


def _is_allowed(host: str, port: int) -> bool:
    listed = current_app.config["WEBHOOK_ALLOWED_HOSTS"].lower().split(",")
    return bool({host, f"{host}:{port}"} & {one.strip() for one in listed})


def _resolved(host: str, port: int) -> tuple[str, ...]:
    """All that the name stands for, IPv4 first: not every server can use the other."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(f"There is no host named {host}.") from None
    addresses = dict.fromkeys(str(one[4][0]) for one in found)
    return tuple(sorted(addresses, key=lambda one: ":" in one))
