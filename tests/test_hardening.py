"""What guards every page: its headers, the names by which it may be called, and whose word is taken for an address."""

from pathlib import Path

import pytest
from flask import request

from app import create_app
from app.config import Config
from app.extensions import db

PRODUCTION = {
    "FLASK_ENV": "production",
    "SECRET_KEY": "long and random, as it should be in production",
    "PUBLIC_URL": "https://giga.example.com",
    "ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
}


@pytest.fixture
def start(sqlite_url, redis_url):
    """An app of its own with these variables; a visitor to it."""
    started = []

    def start(**environ):
        config = Config.from_environment(
            {"DATABASE_URL": sqlite_url, "REDIS_URL": redis_url} | environ
        )
        app = create_app(config)
        started.append(app)
        return app.test_client()

    yield start
    for app in started:
        with app.app_context():
            db.engine.dispose()


@pytest.mark.parametrize("path", ["/login", "/jobs", "/nowhere", "/static/app.css"])
def test_every_answer_has_the_headers(visitor, path):
    headers = visitor.open(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_in_production_browsers_stay_with_https(start):
    client = start(**PRODUCTION)

    secure = client.get("/login", base_url="https://giga.example.com")
    plain = client.get("/login", base_url="http://giga.example.com")

    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in plain.headers


def test_the_cookie_of_production_is_for_https_and_this_host_alone(start):
    cookie = start(**PRODUCTION).get("/login", base_url="https://giga.example.com").headers
    cookie = cookie["Set-Cookie"]

    assert cookie.startswith("__Host-session=")
    for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert flag in cookie.split("; ")
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("giga.example.com", 200),
        ("GIGA.example.com:8443", 200),
        ("giga.internal", 200),
        ("evil.test", 400),
        ("giga.example.com.evil.test", 400),
        ("localhost", 400),
        ("127.0.0.1", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
def test_in_production_only_our_own_names_are_answered(start, host, status):
    client = start(**PRODUCTION, ALLOWED_HOSTS=" giga.internal, ")

    assert client.get("/login", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:5000", 200),
        ("127.0.0.1", 200),
        ("[::1]:5000", 200),
        ("giga.localhost", 200),
        ("evil.test", 400),
        ("192.168.1.7", 400),
    ],
)
def test_in_development_this_machine_is_answered(visitor, host, status):
    assert visitor.open("/login", headers={"Host": host}).status_code == status


def test_the_refusal_names_no_address_that_was_sent(visitor):
    answer = visitor.open("/jobs", headers={"Host": "evil.test"})

    assert answer.mimetype == "text/plain"
    assert "evil" not in answer.text + str(answer.headers)


def test_probes_may_call_us_by_any_address(visitor):
    assert visitor.open("/healthz", headers={"Host": "10.0.0.7:5000"}).status_code != 400


FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("proxies", "address", "is_secure"),
    [("0", "192.0.2.1", False), ("1", "198.51.100.7", True), ("2", "203.0.113.9", False)],
)
def test_proxies_are_believed_only_when_told(start, proxies, address, is_secure):
    client = start(TRUSTED_PROXIES=proxies)

    with client:
        client.get("/login", headers=FORWARDED, environ_base={"REMOTE_ADDR": "192.0.2.1"})
        assert (request.remote_addr, request.is_secure) == (address, is_secure)


def test_a_proxy_is_not_believed_about_the_host(start):
    client = start(TRUSTED_PROXIES="1")

    answer = client.get("/jobs", headers={"X-Forwarded-Host": "evil.test"})

    assert "evil" not in answer.location


def test_a_body_that_is_too_large_is_not_read(app, visitor):
    app.config["MAX_CONTENT_LENGTH"] = 1000

    assert visitor.open("/login", "POST", data={"email": "a" * 2000}).status_code == 413


def test_the_database_is_for_our_eyes_alone(start, sqlite_url):
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    file.chmod(0o644)

    start()

    assert oct(file.stat().st_mode & 0o777) == "0o600"


def test_the_instance_folder_is_for_our_eyes_alone(monkeypatch, tmp_path, redis_url):
    (tmp_path / "instance").mkdir(mode=0o755)
    monkeypatch.setenv("GIGA_INSTANCE_PATH", str(tmp_path / "instance"))

    app = create_app(Config(REDIS_URL=redis_url))

    assert oct((tmp_path / "instance").stat().st_mode & 0o777) == "0o700"
    assert oct((tmp_path / "instance" / "app.db").stat().st_mode & 0o777) == "0o600"
    with app.app_context():
        db.engine.dispose()
