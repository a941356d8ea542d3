"""Which Zendesk account is in use, at a glance: the real one, one for trying things out, or none."""

import re
from dataclasses import dataclass
from enum import StrEnum

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ZendeskSettings
from app.services import connection
from app.services.memo import forget, memo

# Zendesk names a sandbox after its account, with the seconds since 1970 behind it: acme1597668134. Some have a name
# that says it. Where in doubt it is the real account: to take that for a sandbox would be the worse mistake.
_SANDBOX = re.compile(r"1\d{9}$|(^|-)sandbox\d*(-|$)")
_MEMO = "subdomain"


class Kind(StrEnum):
    PRODUCTION = "production"
    SANDBOX = "sandbox"
    NONE = "none"

    @property
    def words(self) -> str:
        return {"production": "Production", "sandbox": "Sandbox", "none": "Not connected"}[self]


@dataclass(frozen=True)
class Badge:
    kind: Kind
    subdomain: str = ""


def current() -> Badge:
    """A second old at most, and without the session. Raises SQLAlchemyError."""
    subdomain = memo(_MEMO, _stored) or current_app.config["ZENDESK_SUBDOMAIN"]
    if not connection.is_subdomain(subdomain):
        return Badge(Kind.NONE)
    is_sandbox = current_app.config["ZENDESK_BASE_URL"] or looks_like_sandbox(subdomain)
    return Badge(Kind.SANDBOX if is_sandbox else Kind.PRODUCTION, subdomain)


def changed() -> None:
    """The account in use is being changed. The caller commits."""
    forget(_MEMO)


def looks_like_sandbox(subdomain: str) -> bool:
    return bool(_SANDBOX.search(subdomain))


def _stored(session: Session) -> str | None:
    """Without the secrets, which may not be readable."""
    return session.scalar(select(ZendeskSettings.subdomain).order_by(ZendeskSettings.id).limit(1))
