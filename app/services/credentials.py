"""The settings of the connection as an admin types them: kept in the database, or thrown away."""

from dataclasses import dataclass, field

from sqlalchemy import delete, select

from app.extensions import db
from app.models import Method, User, ZendeskSettings
from app.services import audit, badge, connection
from app.services.connecting import Refused, end_tokens, unfinished_jobs, wake_waiting_jobs
from app.services.connection import NotConnected, Source
from app.services.tokens import Keeper
from app.zendesk.errors import SignInNeeded


@dataclass(frozen=True)
class Wanted:
    """What an admin typed. An empty secret keeps the one that is stored, if it belongs to the same name."""

    method: Method
    subdomain: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    email: str = ""
    api_token: str = field(default="", repr=False)


def save(user: User, wanted: Wanted, address: str) -> None:
    """Put the settings down in the database. Raises Refused. Commits."""
    refuse_another_account(connection.base_url_of(wanted.subdomain))
    stored, unreadable = _stored()
    row = stored or ZendeskSettings()
    same_account = stored is not None and stored.subdomain == wanted.subdomain
    kept = row if same_account else ZendeskSettings()
    before = _without_secrets(stored)
    if wanted.method.is_oauth:
        row.oauth_client_id, row.oauth_client_secret = _oauth_client(wanted, kept)
        row.email = row.api_token = None
    else:
        row.email, row.api_token = _api_token(wanted, kept)
        row.oauth_client_id = row.oauth_client_secret = None
    row.subdomain, row.method = wanted.subdomain, wanted.method
    if unreadable:
        db.session.execute(delete(ZendeskSettings))
    db.session.add(row)
    badge.changed()
    audit.record(
        user,
        "connection.change",
        wanted.subdomain,
        address,
        before=before,
        after=_without_secrets(row),
        new_secret=bool(wanted.client_secret or wanted.api_token),
    )
    db.session.commit()
    _drop_unreadable_tokens()
    wake_waiting_jobs()


def forget(user: User, address: str) -> None:
    """Throw the settings in the database away, with their tokens; those of the environment are left. Commits."""
    refuse_another_account(connection.environment().base_url)
    before = _without_secrets(_stored()[0])
    keeper = _keeper()
    ended = keeper is not None and end_tokens(keeper)
    db.session.execute(delete(ZendeskSettings))
    badge.changed()
    audit.record(user, "connection.forget", "", address, before=before, ended_at_zendesk=ended)
    db.session.commit()
    _drop_unreadable_tokens()
    wake_waiting_jobs()


def refuse_another_account(base_url: str) -> None:
    """Raises Refused if jobs are under way and this is not the account that they belong to."""
    number, in_use = unfinished_jobs(), _base_url_in_use()
    if not number or in_use in (base_url, None):
        return
    jobs = "One job is" if number == 1 else f"{number:,} jobs are"
    raise Refused(
        f"{jobs} not over yet, with a plan that names tickets of the account in use now. Let them end, or cancel "
        "them, before you change the account. The credentials for the same account can be changed at any time.",
        "subdomain",
    )


def _base_url_in_use() -> str | None:
    """Read without the secrets, which may not be readable. None where no account is set."""
    stored = db.session.scalar(select(ZendeskSettings.subdomain).order_by(ZendeskSettings.id))
    subdomain = stored or connection.environment().subdomain
    return connection.base_url_of(subdomain) if subdomain else None


def _without_secrets(settings: ZendeskSettings | None) -> dict[str, str | None] | None:
    """The settings as the audit log may tell them; None where there are none that can be read."""
    if settings is None:
        return None
    return {
        "subdomain": settings.subdomain,
        "method": str(settings.method),
        "client_id": settings.oauth_client_id,
        "email": settings.email,
    }


def _stored() -> tuple[ZendeskSettings | None, bool]:
    """The settings in the database, and whether there are some that cannot be decrypted."""
    try:
        return connection.stored_settings(), False
    except NotConnected:
        return None, True


def _oauth_client(wanted: Wanted, kept: ZendeskSettings) -> tuple[str | None, str | None]:
    """What to store. Nothing, where the environment has the client and nothing was typed."""
    if not wanted.client_id and not wanted.client_secret and _environment_has_client(wanted):
        return None, None
    if not wanted.client_id:
        raise Refused("Type the OAuth client's identifier.", "client_id")
    if wanted.client_secret:
        return wanted.client_id, wanted.client_secret
    if kept.oauth_client_id == wanted.client_id and kept.oauth_client_secret:
        return wanted.client_id, kept.oauth_client_secret
    raise Refused(
        "Type the OAuth client's secret. None is stored for this client and this account.",
        "client_secret",
    )


def _api_token(wanted: Wanted, kept: ZendeskSettings) -> tuple[str | None, str | None]:
    if not wanted.email and not wanted.api_token and _environment_has_token(wanted):
        return None, None
    if not wanted.email:
        raise Refused("Type the email of the person whom the API token acts for.", "email")
    if wanted.api_token:
        return wanted.email, wanted.api_token
    if kept.email == wanted.email and kept.api_token:
        return wanted.email, kept.api_token
    raise Refused(
        "Type the API token. None is stored for this email and this account.", "api_token"
    )


def _environment_has_client(wanted: Wanted) -> bool:
    env = connection.environment()
    return env.suits(wanted.subdomain) and bool(env.client_id and env.client_secret)


def _environment_has_token(wanted: Wanted) -> bool:
    env = connection.environment()
    return env.suits(wanted.subdomain) and bool(env.email and env.api_token)


def _keeper() -> Keeper | None:
    try:
        choice = connection.chosen()
    except NotConnected:
        return None
    is_ours = choice.source is Source.DATABASE and choice.method.is_oauth
    return choice.keeper if is_ours else None


def _drop_unreadable_tokens() -> None:
    """Who enters the credentials anew needs nothing of what another encryption key has locked away."""
    try:
        choice = connection.chosen()
    except NotConnected:
        return
    db.session.commit()
    try:
        choice.keeper.look()
    except SignInNeeded:
        choice.keeper.forget()
