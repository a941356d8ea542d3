"""The rate budget of the Zendesk account in use, kept in our Redis."""

from flask import current_app

from app.extensions import redis
from app.services import settings
from app.zendesk.places import SharedPlaces
from app.zendesk.rate_limit import Budget, Kind
from app.zendesk.turnstile import Turn, Turns

PAGES = "pages"  # they share one name: what they wait for is seconds
MACROS = "macros"  # whoever renews the local copy of the macros, in turn with the jobs
SYNC = "sync"  # whoever mirrors the tickets, likewise


def of(base_url: str) -> Budget:
    """The budget of the account at this address."""
    config = current_app.config
    return Budget(
        redis.client,
        redis.key(f"budget:{{{base_url}}}"),
        window=config["ZENDESK_WINDOW_SECONDS"],
        reserve=lambda: settings.current("reserve_percent") / 100,
    )


def turns(base_url: str, job_id: str | None) -> Turns:
    """A job's way through the budget or, without one, a page's."""
    kind, budget = Kind.JOB if job_id else Kind.PAGE, of(base_url)
    return Turns(lambda: Turn(budget, job_id or PAGES, kind))


def places(base_url: str, job_id: str, pause: float) -> SharedPlaces:
    """A job's places for Zendesk jobs. `pause`: seconds after which it asks again."""
    return SharedPlaces(of(base_url), job_id, lambda: settings.current("max_in_flight"), pause)
