"""Settings from the environment."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from app.config import (
    DEVELOPMENT_KEY,
    Config,
    ConfigError,
    MailServer,
    Price,
    claude_prices,
    database_uri,
    mail_server,
)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///app.db", "sqlite:///app.db"),
        ("sqlite:///instance/app.db", "sqlite:///app.db"),
        ("sqlite:////srv/instance/app.db", "sqlite:////srv/instance/app.db"),
        ("postgres://u@h/d", "postgresql://u@h/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
    ],
)
def test_database_urls_mean_what_people_mean(given, used):
    assert database_uri(given) == used


def test_an_empty_variable_counts_as_not_set():
    config = Config.from_environment({"ZENDESK_WINDOW_SECONDS": "", "DATABASE_URL": ""})

    assert config == Config()


def test_a_number_that_is_none_is_refused_by_name():
    with pytest.raises(ConfigError, match="ZENDESK_MAX_IN_FLIGHT is 'ten'"):
        Config.from_environment({"ZENDESK_MAX_IN_FLIGHT": "ten"})


KEY = Fernet.generate_key().decode()
PRODUCTION = {
    "FLASK_ENV": "production",
    "SECRET_KEY": "long and random, as it should be in production",
    "ENCRYPTION_KEYS": KEY,
    "PUBLIC_URL": "https://giga.example.com",
}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": DEVELOPMENT_KEY}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY has fewer than 32"),
        ({"ENCRYPTION_KEYS": ""}, "ENCRYPTION_KEYS is not set"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG is on"),
        ({"FLASK_DEBUG": "y"}, "FLASK_DEBUG is on"),
        ({"PUBLIC_URL": ""}, "neither PUBLIC_URL nor ALLOWED_HOSTS"),
        ({"PUBLIC_URL": "http://giga.example.com"}, "PUBLIC_URL begins with http://"),
    ],
)
def test_production_does_not_start_with_what_is_unsafe(changed, words):
    with pytest.raises(ConfigError, match=words):
        Config.from_environment(PRODUCTION | changed)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"FLASK_DEBUG": "0"},
        {"PUBLIC_URL": "", "ALLOWED_HOSTS": "giga.example.com"},
        {"PUBLIC_URL": "http://127.0.0.1:8000"},
        {"PUBLIC_URL": "http://localhost"},
    ],
)
def test_production_starts_with_what_is_safe(changed):
    assert Config.from_environment(PRODUCTION | changed).is_production


def test_what_is_no_fernet_key_is_said_by_its_place_alone():
    with pytest.raises(ConfigError, match=r"no\. 2 is no Fernet key") as refused:
        Config.from_environment({"ENCRYPTION_KEYS": f"{KEY}, nearly-a-secret"})

    assert "nearly" not in str(refused.value)


@pytest.mark.parametrize("name", ["prod", "Production", "testing"])
def test_an_environment_that_is_misspelt_is_not_taken_for_development(name):
    with pytest.raises(ConfigError, match="must be development or production"):
        Config.from_environment(PRODUCTION | {"FLASK_ENV": name})


def test_production_sends_cookies_over_https_alone_and_takes_none_from_neighbours():
    config = Config.from_environment(PRODUCTION)

    assert config.SESSION_COOKIE_SECURE
    assert config.SESSION_COOKIE_NAME == "__Host-session"


@pytest.mark.parametrize("name", ["ZENDESK_BASE_URL", "PUBLIC_URL"])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("giga.example.com", "with its scheme"),
        ("localhost:8900", "with its scheme"),
        ("ftp://giga.example.com", "with its scheme"),
        ("https://", "with its scheme"),
        ("https://giga.example.com:port", "with its scheme"),
        ("https://giga.example .com", "with its scheme"),
        ("https://giga.example.com/api/v2", "scheme and host only"),
        ("https://giga.example.com?a=b", "scheme and host only"),
        ("https://giga@example.com", "scheme and host only"),
    ],
)
def test_an_address_that_is_none_is_refused_by_name(name, given, words):
    with pytest.raises(ConfigError, match=f"{name} must be .*{words}"):
        Config.from_environment({name: given})


@pytest.mark.parametrize("given", ["http://127.0.0.1:8900", "https://giga.example.com/"])
def test_an_address_is_taken(given):
    config = Config.from_environment({"PUBLIC_URL": given})

    assert given == config.PUBLIC_URL


def test_no_setting_shows_when_the_settings_are_printed():
    texts = {one.name: f"hidden-{one.name}" for one in fields(Config) if one.type is str}
    checked = {
        *("FLASK_ENV", "ENCRYPTION_KEYS", "ZENDESK_BASE_URL", "PUBLIC_URL", "SMTP_URL"),
        *("ANTHROPIC_BASE_URL", "CLAUDE_PRICES"),
    }
    given = {name: text for name, text in texts.items() if name not in checked}
    config = Config(**given | {"MAIL_FROM": "", "FLOWER_URL": "", "ENCRYPTION_KEYS": KEY})

    assert "hidden" not in repr(config)
    assert KEY not in repr(config)


@pytest.mark.parametrize(
    "given",
    [
        "claude=1/5",
        "2026-03-21",
        "2026-03-21 claude",
        "2026-03-21 claude=1",
        "21.3.2026 claude=1/5",
    ],
)
def test_prices_that_are_none_are_refused(given):
    with pytest.raises(ConfigError, match="a date and dollars for a million tokens"):
        Config.from_environment({"CLAUDE_PRICES": given})


def test_a_dated_model_costs_what_its_name_costs():
    prices = claude_prices("2026-03-21 claude-haiku-4-5=1/5 claude-opus-4-5-20251101=5/25")

    assert prices.of("claude-haiku-4-5-20251001") == Price(1, 5)
    assert prices.of("claude-opus-4-5") is None


@pytest.mark.parametrize("given", ["http://api.example.com", "api.example.com", "ftp://127.0.0.2x"])
def test_tickets_never_cross_the_network_for_all_to_read(given):
    with pytest.raises(ConfigError, match="ANTHROPIC_BASE_URL must begin with https"):
        Config.from_environment({"ANTHROPIC_BASE_URL": given})


README = Path(__file__).parent.parent / "README.md"
# Not for operators: Flask's own, which follow from the others.
OURS = {
    *("SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_NAME"),
    *("WTF_CSRF_TIME_LIMIT", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS"),
}
ELSEWHERE = {"GIGA_INSTANCE_PATH", "PROMETHEUS_MULTIPROC_DIR"}  # read before the settings are


def test_the_readme_names_every_setting_and_no_other():
    table = README.read_text().partition("## Environment")[2].partition("\n\n##")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}

    known = {field.name for field in fields(Config)} - OURS
    known = (known - {"SQLALCHEMY_DATABASE_URI"}) | {"DATABASE_URL"}
    assert told == known | ELSEWHERE


@pytest.mark.parametrize(
    ("url", "sender", "words"),
    [
        ("mail.example.com:587", "giga@example.com", "SMTP_URL must be like"),
        ("http://mail.example.com", "giga@example.com", "SMTP_URL must be like"),
        ("smtp://giga:se/cret@mail.example.com", "giga@example.com", "SMTP_URL must be like"),
        ("smtp+plain://giga:secret@mail.example.com", "giga@example.com", "everybody on the way"),
        ("smtp://mail.example.com", "", "MAIL_FROM is not"),
        ("smtp://giga:secr%C3%A9t@mail.example.com", "giga@example.com", "not plain ASCII"),
        ("smtp://mail.example.com", "giga", "MAIL_FROM must be"),
        ("smtp://mail.example.com", "giga@", "MAIL_FROM must be"),
        ("smtp://mail.example.com", "a@example.com, b@example.com", "MAIL_FROM must be"),
        ("smtp://mail.example.com", "giga@example.com\nBcc: eve@evil.test", "MAIL_FROM must be"),
    ],
)
def test_a_way_to_send_mail_that_cannot_work_is_refused_without_its_password(url, sender, words):
    with pytest.raises(ConfigError, match=words) as refused:
        Config.from_environment({"SMTP_URL": url, "MAIL_FROM": sender})

    assert "cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://a%40b:p%2Fw@mail.test", MailServer("mail.test", 587, "starttls", "a@b", "p/w")),
        ("smtps://mail.test", MailServer("mail.test", 465, "always")),
        ("smtp+plain://a:b@localhost:2525", MailServer("localhost", 2525, "never", "a", "b")),
    ],
)
def test_a_mail_server_is_read_from_its_address(url, server):
    assert mail_server(url) == server
