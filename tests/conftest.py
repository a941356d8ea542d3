"""What all tests share. Each noun has its own file in `fixtures/`."""

from hypothesis import HealthCheck, settings

# How fast a machine is says nothing about what is tested.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

pytest_plugins = [
    "tests.fixtures.missing",
    "tests.fixtures.broker",
    "tests.fixtures.databases",
    "tests.fixtures.zendesk",
    "tests.fixtures.giga",
    "tests.fixtures.mail",
    "tests.fixtures.claude",
    "tests.fixtures.mirror",
    "tests.fixtures.notices",
    "tests.fixtures.visitor",
    "tests.fixtures.authenticator",
    "tests.fixtures.running_jobs",
    "tests.fixtures.stack",
    "tests.fixtures.chromium",
    "tests.fixtures.sandbox_server",
]
