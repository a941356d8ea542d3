"""What the check found, and an account in the state in which it is to be checked."""

from app.extensions import db
from app.models import Method, ZendeskSettings
from app.services import checkup, connection
from app.services.checkup import Level
from app.zendesk.oauth import Grant
from tests.fixtures.zendesk import WsgiAdapter


def found(level=None):
    """The sentences, of one level or all."""
    db.session.rollback()
    findings = checkup.run()
    assert checkup.jobs_could_run(findings) == (Level.PROBLEM not in {f.level for f in findings})
    return " ".join(f.words for f in findings if level in (None, f.level))


def problems():
    return found(Level.PROBLEM)


def issue(sandbox, scopes="read write", user="admin@sandbox.test", expires_in=1800):
    """An admin's consent to these scopes."""
    db.session.add(ZendeskSettings(subdomain="sandbox", method=Method.AUTHORIZATION_CODE))
    db.session.commit()
    token = sandbox.doorkeeper.tokens.issue("sandbox-client", user, scopes, refreshable=True)
    grant = Grant(token.access, token.refresh, expires_in, 86_400, scopes)
    connection.chosen().keeper.keep(grant)
    db.session.commit()


def by_api_token(app, token="sandbox-token", email="admin@sandbox.test"):
    app.config |= {
        "ZENDESK_OAUTH_CLIENT_ID": "",
        "ZENDESK_EMAIL": email,
        "ZENDESK_API_TOKEN": token,
    }


def answering(app, status, body, **headers):
    """Whatever is asked, this comes back."""

    def wsgi_app(_environ, start_response):
        start_response(f"{status} Said", list({"Content-Type": "text/html", **headers}.items()))
        return [body.encode()]

    app.config["ZENDESK_TRANSPORT"] = WsgiAdapter(wsgi_app)
