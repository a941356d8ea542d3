"""What every page has: strict headers, error pages, and how numbers and times are written."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import hosts_of, is_this_machine
from app.extensions import db
from app.logs import request_id
from app.services.difference import difference
from app.services.permissions import NotPermitted
from app.services.reasons import Reason

# No inline script or style anywhere, nothing from elsewhere. No nonce either, which would let some in: there is none.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap draws its arrows and ticks as data: images
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

ERRORS = {
    400: (
        "This did not reach us whole",
        "Go back, reload the page and try again. Nothing was changed.",
    ),
    403: ("You may not see this page", "Ask an admin if you need it. Nothing was changed."),
    404: ("There is no such page", "The address may be mistyped, or what it showed was deleted."),
    405: ("This page cannot be opened like that", "Go back and use the button on the page."),
    413: ("That is too much", "It is too large to be taken at once. Nothing was changed."),
    500: (
        "Something went wrong on our side",
        "What was saved before is safe, and running jobs go on. Try again; if it happens again, tell your admin "
        "what you did, and the number below.",
    ),
}


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
A_YEAR_OF_HTTPS = "max-age=31536000"
# Those who look whether we live call us by whatever address we have.
PROBES = frozenset({"/healthz", "/readyz"})
NOT_OUR_NAME = (
    "Giga Tools does not go by this name. If you came here by a link, do not follow it. An operator adds the name "
    "to PUBLIC_URL or ALLOWED_HOSTS, and restarts.\n"
)


def init_app(app: Flask) -> None:
    app.url_map.strict_slashes = False
    # Before anything else looks at the request, or leads it on to an address with the name in it.
    app.before_request_funcs.setdefault(None, []).insert(0, refuse_other_hosts)
    if proxies := app.config["TRUSTED_PROXIES"]:
        # Not the host: proxies leave us the one that was asked for.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)
    app.before_request(refuse_nul)
    app.after_request(add_headers)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(NotPermitted, show_refusal)
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(500, show_error)
    app.jinja_env.filters |= {
        "number": number,
        "moment": moment,
        "clock": clock,
        "with_moments": with_moments,
        "duration": duration,
    }
    app.jinja_env.globals |= {"sentence": sentence, "difference": difference}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def refuse_other_hosts() -> Response | None:
    """A page of ours under a name of somebody else could be read by them, and its links lead to them."""
    if request.path in PROBES or _is_ours(request.host):
        return None
    return Response(NOT_OUR_NAME, 400, mimetype="text/plain")


def _is_ours(host: str) -> bool:
    """The port does not matter. In development the names of this machine are ours too."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    config = current_app.config
    is_near = config["FLASK_ENV"] == "development" and is_this_machine(name)
    return is_near or name in hosts_of(config["PUBLIC_URL"], config["ALLOWED_HOSTS"])


def refuse_nul() -> None:
    """No text of ours has the character NUL, and PostgreSQL cannot keep it."""
    texts = (text for _, text in request.values.items(multi=True))
    if any("\0" in text for text in texts):
        abort(400)


def add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.update(HEADERS)
    if current_app.config["FLASK_ENV"] == "production" and request.is_secure:
        response.headers["Strict-Transport-Security"] = A_YEAR_OF_HTTPS
    # Static files say themselves how long to keep them. The page for a missing one is a person's, as all are.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def show_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    """The page for an error. What somebody typed is never shown in it."""
    status = error.code or 500
    if status < 400:
        return error  # a redirect
    db.session.rollback()
    title, advice = ERRORS.get(status, ERRORS[400 if status < 500 else 500])
    number = request_id() if status >= 500 else ""
    page = render_template("error.html", title=title, advice=advice, status=status, number=number)
    return page, status


def show_refusal(error: NotPermitted) -> tuple[str, int]:
    """The page for what somebody may not have done. The words are ours, and are said to them."""
    db.session.rollback()
    advice = f"{error} Ask an admin if you need it. Nothing was changed."
    return render_template(
        "error.html", title="You may not do this", advice=advice, status=403
    ), 403


def show_stale_form(_error: CSRFError) -> tuple[str, int]:
    title = "This form is too old, or came from elsewhere"
    advice = "You may have signed out meanwhile. Go back, reload the page and send it again. Nothing was changed."
    return render_template("error.html", title=title, advice=advice, status=400), 400


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def moment(value: datetime | None, *, exact: bool = False) -> Markup | str:
    """A time that the browser turns into its own zone; in UTC where there is no JavaScript. `exact`: to the second.

    UTC stays to be seen when one points at it.
    """
    if value is None:
        return "–"
    utc = value.astimezone(UTC).replace(microsecond=0)
    text = f"{utc:%d %b %Y, %H:%M:%S} UTC" if exact else f"{utc:%d %b %Y, %H:%M} UTC"
    return Markup('<time datetime="{}Z" title="{}"{}>{}</time>').format(
        utc.replace(tzinfo=None).isoformat(), text, Markup(" data-exact") if exact else "", text
    )


def clock(value: datetime) -> Markup:
    """The time of day to the second, local as `moment` is."""
    utc = value.astimezone(UTC)
    text = f"{utc:%H:%M:%S} UTC"
    return Markup('<time class="clock" datetime="{}" title="{}">{}</time>').format(
        utc.isoformat(), text, text
    )


_MOMENT = re.compile(r"(\d{2} [A-Z][a-z]{2} \d{4}, \d{2}:\d{2}) UTC")


def with_moments(words: str) -> Markup:
    """A sentence of ours, in which the times are written as `moment` writes them."""
    parts = _MOMENT.split(words)  # every second one is a time
    parts[1::2] = [
        moment(datetime.strptime(part, "%d %b %Y, %H:%M").replace(tzinfo=UTC))
        for part in parts[1::2]
    ]
    return Markup("").join(parts)


def duration(seconds: float | None, *, exact: bool = False) -> str:
    """Seconds as a person says them: “40 s”, “3 min”, “2 h 5 min”; `exact`, below an hour: “3 min 5 s”."""
    if seconds is None:
        return "–"
    if round(seconds) < 60:
        return f"{seconds:.0f} s"
    if exact and round(seconds) < 3600:
        minutes, left = divmod(round(seconds), 60)
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def sentence(reason: str | None) -> str:
    """Why a ticket was left alone, in words."""
    return Reason(reason).sentence if reason else ""
