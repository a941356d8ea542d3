"""Settings from the environment."""

import pytest

from app.config import Config, ConfigError, database_uri


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


@pytest.mark.parametrize(
    ("missing", "environ"),
    [
        ("SECRET_KEY", {"ENCRYPTION_KEYS": "k"}),
        ("ENCRYPTION_KEYS", {"SECRET_KEY": "long and random"}),
    ],
)
def test_production_does_not_start_with_a_default_key(missing, environ):
    with pytest.raises(ConfigError, match=missing):
        Config.from_environment({"FLASK_ENV": "production"} | environ)


def test_production_does_not_start_with_debug_on():
    environ = {"FLASK_ENV": "production", "SECRET_KEY": "long", "ENCRYPTION_KEYS": "k"}

    with pytest.raises(ConfigError, match="FLASK_DEBUG"):
        Config.from_environment(environ | {"FLASK_DEBUG": "1"})


def test_production_sends_cookies_over_https_alone():
    environ = {"FLASK_ENV": "production", "SECRET_KEY": "long", "ENCRYPTION_KEYS": "k"}

    assert Config.from_environment(environ).SESSION_COOKIE_SECURE


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
