"""What the tests of the page for the connection share: its form, and the walk to Zendesk and back."""

import re
from html import unescape
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.test import Client as WsgiClient

from app.extensions import db
from app.models import AuditEvent, ZendeskSettings
from tests.fixtures.visitor import Page

PAGE = "/admin/connection"


@pytest.fixture
def save(admin):
    """Send the form; the answer."""

    def save(**fields):
        asked = {"method": "client_credentials", "subdomain": "sandbox"} | fields
        return admin.submit(PAGE, **asked)

    return save


@pytest.fixture
def allow(sandbox):
    """Press a button on Zendesk's page; the path to which that leads at our place."""

    def allow(leaving, answer="allow", user="agent@sandbox.test", **changes):
        zendesk = WsgiClient(sandbox)
        there = urlsplit(leaving.headers["Refresh"].removeprefix("0; url="))
        page = zendesk.get(f"{there.path}?{there.query}")
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        form = {name: unescape(value) for name, value in fields.items()}
        form |= {"answer": answer, "user": user} | changes
        went = zendesk.post(
            "/oauth/authorizations",
            data=urlencode(form),
            content_type="application/x-www-form-urlencoded",
        )
        back = urlsplit(went.location)
        return f"{back.path}?{back.query}"

    return allow


@pytest.fixture
def connect(admin, allow):
    """Connect, as the page does it; what the page says then."""

    def connect(**options):
        leaving = admin.submit(PAGE, f"{PAGE}/connect")
        admin.get(allow(leaving, **options))
        return text_of(admin)

    return connect


def text_of(visitor, page=PAGE):
    return Page(visitor.get(page).text).text


def events(app):
    with app.app_context():
        return [(e.action, e.target, e.detail) for e in db.session.scalars(select(AuditEvent))]


def settings(app):
    with app.app_context():
        return db.session.scalar(select(ZendeskSettings))
