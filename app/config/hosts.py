"""Names of hosts: those by which we are called, and those that never leave the machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from app.config.error import ConfigError


def hosts_of(public_url: str, allowed_hosts: str) -> frozenset[str]:
    """The names by which we may be called, without ports."""
    public = urlsplit(public_url).hostname or ""
    named = (one.strip().lower() for one in allowed_hosts.split(","))
    return frozenset(name for name in (public, *named) if name)


def is_this_machine(name: str) -> bool:
    """Is it a name or an address that never leaves the machine?"""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def refuse_other_than_host(name: str, url: str) -> None:
    """Scheme and host, perhaps a port: paths are ours to add."""
    if not url:
        return
    no_address = ConfigError(
        f"{name} must be an address with its scheme, such as https://giga.example.com."
    )
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise no_address from None
    if not fits or not url.isascii() or not url.isprintable() or " " in url:
        raise no_address
    if "@" in parts.netloc or url.rstrip("/") != f"{parts.scheme}://{parts.netloc}":
        raise ConfigError(
            f"{name} must be scheme and host only, such as https://giga.example.com: no path, query or password."
        )
