"""What an admin can do about each way in which Zendesk cannot be used."""

from urllib.parse import urlsplit

from app.models import Method
from app.services.connection import Choice
from app.zendesk.errors import (
    AnswerLost,
    Forbidden,
    NotNow,
    NotSent,
    RateLimited,
    SignInNeeded,
    SignInRefused,
    Unavailable,
    Unreadable,
    WrongAddress,
    ZendeskError,
)
from app.zendesk.overhearing import Overhearing

CLIENTS_PAGE = "Admin Center: Apps and integrations, APIs, OAuth clients"


def advice(error: ZendeskError, choice: Choice, heard: Overhearing) -> str:
    """What went wrong, and what an admin can do about it."""
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words(error, choice, heard)
    return f"{error}."


def _refused(error: SignInRefused, choice: Choice, heard: Overhearing) -> str:
    if error.status == 200:
        return (
            "Zendesk sees an anonymous caller: no credentials arrived. If a proxy stands between, it must pass "
            "the Authorization header on."
        )
    if choice.method is Method.API_TOKEN:
        return (
            f"Zendesk does not accept the API token of {choice.email} (401). Check the email. The token may have "
            "been deleted, or switched off because it was not used for 30 days. No new one can be made: add an "
            f"OAuth client instead ({CLIENTS_PAGE})."
        )
    if heard.asked_for_token:
        return (
            f"Zendesk does not accept the OAuth client “{choice.client_id}” with its secret ({error.status}). Check "
            f"both in Zendesk ({CLIENTS_PAGE}); the identifier is not the name. A secret that is lost can be "
            "made anew there."
        )
    given = (
        "an access token that it has just given" if heard.was_given_token else "the access token"
    )
    return (
        f"Zendesk refuses {given} (401). Tokens may have been revoked, or the "
        "person as whom they act may be suspended or deleted. Look at the person and at the OAuth client in "
        f"Zendesk ({CLIENTS_PAGE})."
    )


def _forbidden(error: Forbidden, _choice: Choice, _heard: Overhearing) -> str:
    if error.missing_scopes:
        return (
            f"The access token lacks the scope {', '.join(error.missing_scopes)} (403). Zendesk accepts misspelled "
            f"scopes and then refuses every call: give the OAuth client read and write ({CLIENTS_PAGE}), and "
            "connect again."
        )
    return (
        "Zendesk does not permit this (403). The person as whom we are signed in lacks the right: make that an "
        "admin, or an agent whose role may see and edit the tickets."
    )


def _not_sent(error: NotSent, choice: Choice, heard: Overhearing) -> str:
    if heard.is_about_tls and not heard.is_about_trust:
        return (
            f"No secure connection to {choice.base_url} could be made: what answers there does not speak TLS as it "
            "should. Check the address and its port; a proxy may stand between."
        )
    if heard.is_about_tls:
        return (
            f"No secure connection to {choice.base_url} could be made: its certificate is not trusted here. A "
            "proxy that opens TLS may stand between, or this machine's certificates may be too old."
        )
    if heard.error is None:
        return f"{error}. Zendesk may be in trouble: see status.zendesk.com. Jobs wait and go on by themselves."
    if heard.got_through:
        return _no_answer(choice)
    port = urlsplit(choice.base_url).port or (80 if choice.base_url.startswith("http:") else 443)
    return (
        f"{choice.base_url} cannot be reached from this machine. Check the subdomain, the network, DNS and the "
        f"firewall: port {port} must be open."
    )


def _no_answer(choice: Choice) -> str:
    return (
        f"{choice.base_url} took the call and gave no answer in time, or broke the connection off. Check the network; "
        "if it lasts, see status.zendesk.com."
    )


def _wrong_address(error: WrongAddress, choice: Choice, _heard: Overhearing) -> str:
    if error.status < 400:
        return (
            f"{choice.base_url} sends us to another address ({error.status}). The account may have been renamed: "
            "enter the new subdomain."
        )
    return (
        f"There is no Zendesk account at {choice.base_url} ({error.status}). Check the subdomain."
    )


def _limited(error: RateLimited, _choice: Choice, _heard: Overhearing) -> str:
    return (
        f"Zendesk's limit of requests is used up (429). Check again in {error.retry_after:.0f} s. Jobs wait and go "
        "on by themselves; if this lasts, another program uses the limit up."
    )


_WORDS = {
    SignInRefused: _refused,
    SignInNeeded: lambda error, _choice, _heard: str(error),
    Forbidden: _forbidden,
    NotSent: _not_sent,
    WrongAddress: _wrong_address,
    RateLimited: _limited,
    NotNow: lambda error, _choice, _heard: (
        f"Zendesk's limits leave no room for this check just now. Check again in {error.seconds:.0f} s; the page "
        "Limits shows who uses them."
    ),
    AnswerLost: lambda _error, choice, _heard: _no_answer(choice),
    Unavailable: lambda error, _choice, _heard: (
        f"Zendesk is in trouble ({error.status}): see status.zendesk.com. Jobs wait and go on by themselves."
    ),
    Unreadable: lambda _error, choice, _heard: (
        f"What answers at {choice.base_url} is not Zendesk's API. A proxy or a sign-in page may stand between."
    ),
}
