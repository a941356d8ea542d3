"""Sending mail, to a real mail server."""

import socket

import pytest

from app.services import mail
from app.services.mail import MailFailed
from tests.fixtures import tls
from tests.fixtures.mail import SENDER, SMTP_PASSWORD

PASSWORD_IN_URL = "a%2Fmail%23password"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return tls.certificate(tmp_path_factory.mktemp("mail"))


@pytest.fixture
def secure(in_app, mail_servers, certificate, monkeypatch):
    """A server that wants STARTTLS and a sign-in, whose certificate we trust."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    mailbox, port = mail_servers(certificate, wants_sign_in=True)
    in_app.config["MAIL_FROM"] = SENDER
    return mailbox, port


def use(app, url):
    app.config |= {"SMTP_URL": url, "MAIL_FROM": SENDER}


def test_a_mail_arrives_as_it_was_written(in_app, mailbox):
    mail.send("ada@giga.test", "Grüße", "Zeile eins – ß\nhttps://giga.test/" + "x" * 90 + "\n")

    (sent,) = mailbox.mails
    assert (sent["To"], sent["From"], sent["Subject"]) == ("ada@giga.test", SENDER, "Grüße")
    assert sent["Date"]
    assert sent["Message-ID"].endswith("@giga.test>")
    assert sent.get_content().splitlines()[0] == "Zeile eins – ß"
    assert "https://giga.test/" + "x" * 90 in sent.get_content()


def test_without_a_server_nothing_is_sent_and_that_is_said(in_app):
    assert not mail.is_set()
    with pytest.raises(MailFailed, match="No mail server is set"):
        mail.send("ada@giga.test", "Hello", "Hello")


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("ada@giga.test\r\nBcc: eve@evil.test", "Hello"),
        ("ada@giga.test, eve@evil.test", "Hello"),
        ("ada@giga.test\0", "Hello"),
        ("Ada <ada@giga.test>", "Hello"),
        ("", "Hello"),
        ("ada@giga.test", "Hello\nBcc: eve@evil.test"),
    ],
)
def test_nothing_can_be_slipped_into_the_head_of_a_mail(in_app, mailbox, to, subject):
    with pytest.raises(MailFailed):
        mail.send(to, subject, "Hello")

    assert mailbox.mails == []


def test_it_signs_in_once_the_way_is_encrypted(in_app, secure):
    mailbox, port = secure
    use(in_app, f"smtp://giga:{PASSWORD_IN_URL}@127.0.0.1:{port}")

    mail.send("ada@giga.test", "Hello", "Hello")

    assert mailbox.encrypted == [True]


def test_a_wrong_password_is_said_and_not_shown(in_app, secure):
    mailbox, port = secure
    use(in_app, f"smtp://giga:{PASSWORD_IN_URL}x@127.0.0.1:{port}")

    with pytest.raises(MailFailed, match="does not accept the user and password") as failed:
        mail.send("ada@giga.test", "Hello", "Hello")

    assert SMTP_PASSWORD not in str(failed.value)
    assert failed.value.__cause__ is None
    assert mailbox.mails == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server is as it should not be
def test_the_password_is_kept_back_from_a_server_that_does_not_encrypt(in_app, mail_servers):
    mailbox, port = mail_servers(wants_sign_in=True)
    use(in_app, f"smtp://giga:{PASSWORD_IN_URL}@127.0.0.1:{port}")

    with pytest.raises(MailFailed, match="does not offer the encryption"):
        mail.send("ada@giga.test", "Hello", "Hello")

    assert mailbox.mails == []


def test_the_password_is_kept_back_from_a_server_that_nobody_vouches_for(
    in_app, mail_servers, certificate
):
    mailbox, port = mail_servers(certificate, wants_sign_in=True)
    use(in_app, f"smtp://giga:{PASSWORD_IN_URL}@127.0.0.1:{port}")

    with pytest.raises(MailFailed, match="certificate is not to be trusted"):
        mail.send("ada@giga.test", "Hello", "Hello")

    assert mailbox.mails == []


def test_what_the_server_says_of_a_recipient_is_passed_on(in_app, mailbox):
    mailbox.refuses = "550 No such person here"

    with pytest.raises(MailFailed, match=r"\(550 No such person here\)"):
        mail.send("ada@giga.test", "Hello", "Hello")


def test_a_name_that_cannot_be_looked_up_is_said_in_words(in_app):
    use(in_app, "smtp+plain://mail..giga.test")

    with pytest.raises(MailFailed, match="does not answer"):
        mail.send("ada@giga.test", "Hello", "Hello")


def test_a_server_that_is_not_there_is_said_in_words(in_app):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    use(in_app, f"smtp+plain://127.0.0.1:{port}")

    with pytest.raises(MailFailed, match=f"127.0.0.1, port {port}\\) does not answer"):
        mail.send("ada@giga.test", "Hello", "Hello")


def test_a_server_that_says_nothing_is_not_waited_for_long(in_app, monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(in_app, f"smtp+plain://127.0.0.1:{silent.getsockname()[1]}")

        with pytest.raises(MailFailed, match="does not answer"):
            mail.send("ada@giga.test", "Hello", "Hello")
