"""The mail server of SMTP_URL, and whom its mail is from."""

from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from app.config.error import ConfigError
from app.config.hosts import is_this_machine


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. `tls` is “always”, “starttls” (refused where it is not offered) or “never”."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)


# What each scheme means: how the way there is encrypted, and the usual port.
MAIL_SCHEMES = {"smtp": ("starttls", 587), "smtps": ("always", 465), "smtp+plain": ("never", 25)}


def mail_server(url: str) -> MailServer:
    """Raises ConfigError, which never repeats the URL: there is a password in it."""
    usual = "SMTP_URL must be like smtp://user:password@mail.example.com:587"
    try:
        parts = urlsplit(url)
        tls, port = MAIL_SCHEMES[parts.scheme]
        port = parts.port or port
    except (KeyError, ValueError):
        raise ConfigError(
            f"{usual}, with smtp://, smtps:// or smtp+plain:// (README, Environment)."
        ) from None
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(f"{usual}: signs such as / # ? @ in a password are written as %2F %23 …")
    if parts.password and tls == "never" and not is_this_machine(parts.hostname):
        raise ConfigError(
            "SMTP_URL is smtp+plain:// with a password, which everybody on the way could read: use smtp:// or smtps://."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not f"{user}{password}".isascii():
        raise ConfigError(
            "SMTP_URL has a user or password that is not plain ASCII: smtplib cannot send it."
        )
    return MailServer(parts.hostname, port, tls, user, password)


def refuse_half(url: str, sender: str) -> None:
    if url:
        mail_server(url)
    if url and not sender:
        raise ConfigError("SMTP_URL is set, but MAIL_FROM is not: set it to whom mail is from.")
    if sender and not _is_sender(sender):
        raise ConfigError("MAIL_FROM must be an email address, such as giga@example.com.")


def _is_sender(text: str) -> bool:
    name, address = parseaddr(text)
    try:
        Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        return False
    return text.count("@") == 1 and address.isascii() and text.isprintable()
