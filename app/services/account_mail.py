"""The mails about an account: an invitation, and a link to a new password."""

from flask import current_app

from app.models import Purpose
from app.services import account_links, mail
from app.services.account_links import LASTS, LASTS_FROM_ADMIN

INVITATION = """\
You have been invited to Giga Tools, which changes many Zendesk tickets at once.

Open this link to choose your password:

{link}

It works once, for {days} days. If you did not expect it, you can leave it alone: nothing happens then.
"""
WAY_BACK = """\
{why}

Open this link to choose a new password:

{link}

It works once, for {time}. If you did not want it, you can leave it alone: your password stays as it is.
"""
BY_THEMSELF = "Somebody asked for a new password for your account at Giga Tools."
BY_ADMIN = "An admin of Giga Tools has made you a link, because you cannot sign in."


def why_not() -> str:
    """What keeps us from mailing links, in a sentence for an admin; empty if nothing does.

    Whoever sends a request chooses its Host header. A link built from that could lead anywhere, and take its
    secret along.
    """
    if not mail.is_set():
        return "No mail server is set (SMTP_URL)."
    if not current_app.config["PUBLIC_URL"]:
        return "An operator must set PUBLIC_URL first, so that the link in the mail leads here."
    return ""


def invite(email: str, token: str) -> None:
    """Raises MailFailed. Have no transaction open meanwhile."""
    days = LASTS[Purpose.INVITE].days
    text = INVITATION.format(link=link_of(Purpose.INVITE, token), days=days)
    mail.send(email, "Your invitation to Giga Tools", text)


def offer_new_password(email: str, token: str, *, from_admin: bool = False) -> None:
    """Raises MailFailed. Have no transaction open meanwhile."""
    hours = (LASTS_FROM_ADMIN if from_admin else LASTS)[Purpose.RESET].total_seconds() / 3600
    time = "one hour" if hours == 1 else f"{hours:.0f} hours"
    why = BY_ADMIN if from_admin else BY_THEMSELF
    text = WAY_BACK.format(why=why, link=link_of(Purpose.RESET, token), time=time)
    mail.send(email, "A new password for Giga Tools", text)


def link_of(purpose: Purpose, token: str) -> str:
    return current_app.config["PUBLIC_URL"].rstrip("/") + account_links.path(purpose, token)
