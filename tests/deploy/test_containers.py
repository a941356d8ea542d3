"""What Docker is told, as far as that can be judged without an engine."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from app.config import Config

CHECKOUT = Path(__file__).parents[2]
DOCKER = CHECKOUT / "deploy/docker"
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text())
OURS = [name for name, service in COMPOSE["services"].items() if service["image"] == "giga-tools"]
# Of programs that are not ours, or read before the app is made.
OTHERS = {"DATABASE_URL", "GIGA_INSTANCE_PATH", "PROMETHEUS_MULTIPROC_DIR", "WEB_ADDRESS"}
OTHERS |= {"GIGA_HOST", "POSTGRES_PASSWORD", "PATH", "PYTHONUNBUFFERED", "FLASK_APP"}


def dockerfile():
    """(instruction, what follows) for each step of the image."""
    text = (DOCKER / "Dockerfile").read_text().replace("\\\n", " ")
    return [
        tuple(line.split(None, 1))
        for line in text.splitlines()
        if line and not line.startswith("#")
    ]


def test_what_the_image_copies_is_there_and_goes_to_the_engine():
    let_through = {
        line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    copied = [shlex.split(rest) for step, rest in dockerfile() if step == "COPY"]
    sources = {one for words in copied if "--from" not in words[0] for one in words[:-1]}

    assert all((CHECKOUT / one).exists() for one in sources)
    assert sources == let_through


def test_the_image_holds_all_that_the_app_imports_and_reads():
    copied = " ".join(rest for step, rest in dockerfile() if step == "COPY")

    for part in ("app", "migrations", "docs", "celery_app.py", "deploy/gunicorn.py"):
        assert f" {part} " in f" {copied} ", part


def test_the_image_installs_only_what_is_pinned_by_its_hash():
    runs = " ".join(rest for step, rest in dockerfile() if step == "RUN")

    assert (
        "pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt"
        in (runs)
    )


def test_the_image_does_not_run_as_root():
    assert [rest for step, rest in dockerfile() if step == "USER"] == ["10001"]


@pytest.mark.parametrize("name", OURS)
def test_a_service_starts_a_program_that_the_environment_has(name):
    command = COMPOSE["services"][name].get("command") or ["gunicorn"]

    assert (CHECKOUT / ".venv/bin" / command[0]).exists()


@pytest.mark.parametrize("name", OURS)
def test_a_service_may_do_little(name):
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_only_nginx_is_to_be_reached_from_outside():
    assert [name for name, one in COMPOSE["services"].items() if "ports" in one] == ["nginx"]


def test_what_a_service_waits_for_and_keeps_is_there():
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])
        kept = [one.split(":")[0] for one in service.get("volumes", ())]
        assert {one for one in kept if one[0] != "."} <= set(COMPOSE["volumes"])
        assert all((DOCKER / one).exists() for one in kept if one.startswith("../"))


def test_every_variable_means_something():
    known = {field.name for field in fields(Config)} | OTHERS
    of_image = re.findall(r"\b([A-Z][A-Z_]+)=", " ".join(r for s, r in dockerfile() if s == "ENV"))
    of_example = re.findall(r"^([A-Z_]+)=", (CHECKOUT / "deploy/env.example").read_text(), re.M)
    of_compose = COMPOSE["x-app"]["environment"]

    assert {*of_image, *of_example, *of_compose} - known == set()


def test_redis_keeps_what_it_was_told():
    assert "--appendonly yes" in " ".join(COMPOSE["services"]["redis"]["command"])
