"""A real nginx in front of the app as it runs in production: TLS, whose address is believed, and Flower."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from app import create_app
from app.config import Config
from app.database import writing
from app.extensions import db
from app.models import AuditEvent, Role
from app.services import accounts
from deploy.ports import any_free
from tests.deploy.processes import eventually
from tests.fixtures import tls
from tests.fixtures.giga import PASSWORD
from tests.fixtures.missing import missing
from tests.fixtures.stack import environment
from tests.fixtures.visitor import Page

pytestmark = pytest.mark.long

CHECKOUT = Path(__file__).parents[2]
TEMPLATE = CHECKOUT / "deploy/nginx/giga-tools.conf.template"
AROUND = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log warn; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/giga-tools.conf;
}}
"""


class Production:
    """Where it is reached, and by what a client knows it."""

    def __init__(self, http_port, https_port, database_url, certificate):
        self.http = f"http://127.0.0.1:{http_port}"
        self.https = f"https://127.0.0.1:{https_port}"
        self.database_url, self.certificate = database_url, str(certificate)

    def visitor(self):
        session = requests.Session()
        session.trust_env, session.verify = False, self.certificate
        return session

    def sign_in(self, email):
        session = self.visitor()
        form = Page(session.get(f"{self.https}/login").text).fields
        answer = session.post(
            f"{self.https}/login",
            data=form | {"email": email, "password": PASSWORD},
            headers={"Referer": f"{self.https}/login", "X-Forwarded-For": "6.6.6.6"},
            allow_redirects=False,
        )
        assert answer.status_code == 302, answer.text
        return session

    def answers(self, address):
        try:
            return self.visitor().get(address, timeout=2).ok
        except requests.RequestException:
            return False

    def events(self):
        app = create_app(Config(SQLALCHEMY_DATABASE_URI=self.database_url))
        with app.app_context():
            found = db.session.query(AuditEvent).order_by(AuditEvent.id).all()
            db.session.expunge_all()
            db.engine.dispose()
        return found


@pytest.fixture(scope="module")
def production(tmp_path_factory, redis_server, sqlite_template):
    nginx = shutil.which(
        "nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin"
    )
    if not nginx:
        missing("nginx")
    folder = tmp_path_factory.mktemp("production")
    database_url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'app.db')}"
    _people(database_url)
    web, flower, http, https = (any_free() for _ in range(4))
    certificate, key = tls.certificate(folder)
    values = {
        "GIGA_HOST": "127.0.0.1",
        "WEB_ADDRESS": f"127.0.0.1:{web}",
        "FLOWER_ADDRESS": f"127.0.0.1:{flower}",
        "TLS_CERTIFICATE": str(certificate),
        "TLS_KEY": str(key),
        "HTTP_PORT": f"127.0.0.1:{http}",
        "HTTPS_PORT": f"127.0.0.1:{https}",
    }
    logging_here = _filled_in(values).replace("/var/log/nginx", str(folder))
    (folder / "giga-tools.conf").write_text(logging_here)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    env = environment(
        FLASK_ENV="production",
        SECRET_KEY="a long text that is no secret, for the tests alone",
        ENCRYPTION_KEYS="Zm9yIHRoZSB0ZXN0cyBhbG9uZSwgbm8gc2VjcmV0ICE=",
        DATABASE_URL=database_url,
        REDIS_URL=redis_server,
        GIGA_INSTANCE_PATH=str(folder),
        PUBLIC_URL=f"https://127.0.0.1:{https}",
        TRUSTED_PROXIES="1",
        WEB_ADDRESS=values["WEB_ADDRESS"],
        WEB_PROCESSES="1",
        FLOWER_URL="/flower/",
    )
    commands = [
        [nginx, "-c", f"{folder}/nginx.conf", "-p", str(folder)],
        ["gunicorn", "-c", "python:deploy.gunicorn", "app:create_app()"],
        f"celery -A celery_app flower --address=127.0.0.1 --port={flower} --url_prefix=flower --read_only=True".split(),
    ]
    log = (folder / "log").open("w")
    running = [
        subprocess.Popen(_found(command), cwd=CHECKOUT, env=env, stdout=log, stderr=log)
        for command in commands
    ]
    here = Production(http, https, database_url, certificate)
    try:
        served = f"http://127.0.0.1:{flower}/flower/", f"{here.https}/login"
        assert eventually(lambda: all(map(here.answers, served))), (folder / "log").read_text()
        yield here
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)


def test_nginx_finds_nothing_wrong_with_its_configuration(production):
    # It started, and so has read it. What it warned of is no more than nothing.
    folder = Path(production.certificate).parent

    assert "[warn]" not in (folder / "error.log").read_text()


def test_plain_http_leads_to_https(production):
    answer = production.visitor().get(f"{production.http}/jobs", allow_redirects=False)

    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://127.0.0.1/jobs"


def test_whoever_asks_for_another_host_gets_no_answer(production):
    with pytest.raises(requests.ConnectionError):
        production.visitor().get(f"{production.https}/login", headers={"Host": "evil.test"})


def test_cookies_are_for_https_alone_and_browsers_are_told_to_stay_there(production):
    answer = production.visitor().get(f"{production.https}/login")

    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_an_address_that_a_visitor_claims_is_not_believed(production):
    production.sign_in("admin@giga.test")

    event = production.events()[-1]
    assert (event.action, event.address) == ("sign_in", "127.0.0.1")


def test_flower_asks_whoever_is_not_signed_in_to_do_so(production):
    answer = production.visitor().get(f"{production.https}/flower/", allow_redirects=False)

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/login?next=/flower/")


def test_flower_is_not_for_users(production):
    answer = production.sign_in("agent@giga.test").get(f"{production.https}/flower/")

    assert answer.status_code == 403


def test_flower_is_there_for_admins(production):
    admin = production.sign_in("admin@giga.test")

    assert "Flower" in admin.get(f"{production.https}/flower/").text
    assert admin.get(f"{production.https}/flower/workers").status_code == 200


@pytest.mark.parametrize("path", ["/metrics", "/readyz", "/_may_operate", "/flower/metrics"])
def test_what_is_for_operators_is_not_there_from_outside(production, path):
    answer = production.visitor().get(f"{production.https}{path}", allow_redirects=False)

    assert answer.status_code in {302, 404}
    assert "giga_" not in answer.text
    assert "flower_" not in answer.text


@pytest.mark.parametrize("path", ["/invitation/SECRET", "/reset//SECRET", "/Reset/../reset/SECRET"])
def test_the_log_has_no_link_with_which_somebody_chooses_a_password(production, path):
    log = Path(production.certificate).with_name("access.log")
    seen = log.read_text().count("/...")

    for place in (production.https, production.http):
        request = requests.Request("GET", place, headers={"Referer": f"{place}{path}"}).prepare()
        request.url = place + path  # as it stands: a client would tidy it up
        production.visitor().send(request, allow_redirects=False)
    production.visitor().get(f"{production.https}/login?code=SECRET")

    assert eventually(lambda: log.read_text().count("/...") == seen + 2)
    assert "SECRET" not in log.read_text()


def test_what_is_too_large_is_said_to_be(production):
    agent = production.sign_in("agent@giga.test")

    answer = agent.post(f"{production.https}/tools/tag-manager", data=b"x" * (10 * 2**20))

    assert answer.status_code == 413


def _people(database_url):
    app = create_app(Config(SQLALCHEMY_DATABASE_URI=database_url))
    with app.app_context(), writing():
        accounts.create_user("admin@giga.test", Role.ADMIN, PASSWORD)
        accounts.create_user("agent@giga.test", Role.USER, PASSWORD)
        db.session.commit()
        db.engine.dispose()


def _filled_in(values):
    """As envsubst does it: what it is not told of stays."""
    pattern = re.compile(r"\$\{([A-Z_]+)\}")
    return pattern.sub(lambda match: values[match[1]], TEMPLATE.read_text())


def _found(command):
    program = Path(sys.executable).parent / command[0]  # an absolute one stays as it is
    return [str(program), *command[1:]]
