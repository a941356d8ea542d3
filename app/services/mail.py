"""Sending mail, through the server that the environment names."""

import smtplib
import socket
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr

from flask import current_app

from app.config import MailServer, mail_server
from app.database import now

# For each thing that is said to the server. A page may wait for it, so it is short.
TIMEOUT_SECONDS = 5.0
MOST_WORDS = 200  # of what the server says


class MailFailed(Exception):
    """The mail was not sent. Its message says why and what to do, and holds no secret."""


def is_set() -> bool:
    """Has somebody said how mail is to be sent?"""
    return bool(current_app.config["SMTP_URL"])


def send(to: str, subject: str, text: str) -> None:
    """Hand one mail over. Raises MailFailed.

    Have no transaction open meanwhile: it may take some seconds.
    """
    if not is_set():
        raise MailFailed("No mail server is set. An operator can set SMTP_URL and MAIL_FROM.")
    message = _message(to, subject, text)
    server = mail_server(current_app.config["SMTP_URL"])
    try:
        _hand_over(server, message, to)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailFailed(_words(error, server)) from None  # its cause may hold what was sent


def _message(to: str, subject: str, text: str) -> EmailMessage:
    """To one person, whatever `to` says: a line end or a comma could make it more."""
    sender = current_app.config["MAIL_FROM"]
    try:
        recipient = Address(addr_spec=to)
    except (ValueError, IndexError, MessageError):
        raise MailFailed("This is no address that mail can be sent to.") from None
    if not (to.isascii() and to.isprintable() and subject.isprintable()):
        raise MailFailed("An address or a subject with line ends or other odd signs is not sent.")
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=address.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # so that no absence notice comes back (RFC 3834)
    message.set_content(text)
    return message


def _hand_over(server: MailServer, message: EmailMessage, to: str) -> None:
    with _connection(server) as connection:
        if server.tls == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(message, to_addrs=[to])


def _connection(server: MailServer) -> smtplib.SMTP:
    # Our own name as it is: to look it up may take longer than all the rest.
    options = {"timeout": TIMEOUT_SECONDS, "local_hostname": socket.gethostname()}
    if server.tls == "always":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, context=context, **options)
    return smtplib.SMTP(server.host, server.port, **options)


def _words(error: Exception, server: MailServer) -> str:
    """What is wrong, for an admin. Only what the server says after the sign-in is repeated."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return "The mail server does not accept the user and password of SMTP_URL. An operator can mend them."
        case smtplib.SMTPNotSupportedError():
            return (
                "The mail server does not offer the encryption or the sign-in that SMTP_URL asks for. "
                "An operator can mend SMTP_URL."
            )
        case smtplib.SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
            return f"The mail server does not take mail for this address ({code} {_said(said)})."
        case smtplib.SMTPSenderRefused() | smtplib.SMTPDataError():
            said = _said(error.smtp_error)
            return f"The mail server does not take this mail ({error.smtp_code} {said})."
        case ssl.SSLError():
            return (
                "The mail server's certificate is not to be trusted, or it does not speak TLS there. "
                "An operator can mend SMTP_URL, or the certificate."
            )
    where = f"{server.host}, port {server.port}"
    return (
        f"The mail server ({where}) does not answer, or broke off. Try again in a minute. If that does not help, "
        "an operator can see whether it is running, and whether SMTP_URL is right."
    )


def _said(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return "".join(sign if sign.isprintable() else " " for sign in text)[:MOST_WORDS]
