"""What the documents show is there: commands, addresses, settings, links, and the tests that they name."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from app.config import Config

CHECKOUT = Path(__file__).parents[1]
DOCUMENTS = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
# The other one shows the addresses of the fake Zendesk.
OF_OURS = [document for document in DOCUMENTS if document.name != "sandbox.md"]
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)

# Of the machine, of nginx, and of Zendesk and the sandbox.
NOT_OURS = (
    "/etc/",
    "/opt/",
    "/var/",
    "/run/",
    "/flower",
    "/api/v2",
    "/oauth",
    "/_sandbox",
    "/tmp/",
    "/dev/",
)
# Read by other programs than the app, or by the demo.
OTHERS = {"DATABASE_URL", "GIGA_INSTANCE_PATH", "FLOWER_BASIC_AUTH", "PROMETHEUS_MULTIPROC_DIR"}
OTHERS |= {
    "GIGA_DEMO_CONNECTED",
    "GIGA_DEMO_ISSUES",
    "GIGA_WEB_PORT",
    "GIGA_FLOWER_PORT",
    "GIGA_SANDBOX_PORT",
    "FLASK_APP",
    "WEB_PROCESSES",
}
OTHERS |= {"WEB_ADDRESS", "GIGA_HOST", "POSTGRES_PASSWORD", "FLOWER_ADDRESS", "TLS_CERTIFICATE"}
OTHERS |= {"TLS_KEY", "HTTP_PORT", "HTTPS_PORT", "GIGA_DEMO_CONNECTED"}
STANDS_FOR = ("00000000-0000-0000-0000-000000000000", "1", "index", "csv", "a-token")


def blocks(text):
    """The lines of code blocks: fenced, or indented by four spaces outside of lists."""
    fenced = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.M | re.S)
    indented = re.findall(
        r"(?:^|\n)\n((?:    \S.*\n)+)", re.sub(r"```.*?```", "", text, flags=re.S)
    )
    return [line.strip() for block in (*fenced, *indented) for line in block.splitlines()]


def spans(text):
    """What stands `like this`."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S))


def commands(text):
    """The words of each `flask` command."""
    for code in (*blocks(text), *spans(text)):
        for found in re.finditer(
            r"(?:^|[|;&(] *|\brun --rm \w+ )flask ((?:[a-z][a-z-]* ?)+.*)", code
        ):
            yield re.split(r"\s+#|[|;&>)]", found[1])[0].split()


@each_document
def test_every_command_is_one(app, document):
    for words in commands(document.read_text()):
        command, path = app.cli, "flask"
        context = click.Context(command)
        if words[0] in {"run", "shell"}:
            continue
        while isinstance(command, click.Group) and words and words[0][0] != "-":
            found = command.get_command(context, words[0])
            assert found is not None or words[0].isupper(), f"{document.name}: {path} {words[0]}"
            if found is None:
                break
            command, path = found, f"{path} {words.pop(0)}"
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        given = {
            word.split("=")[0].strip("[]…") for word in words if word.lstrip("[").startswith("--")
        }
        assert given <= known, f"{document.name}: {path} {given - known}"


@pytest.mark.parametrize("document", OF_OURS, ids=lambda path: path.name)
def test_every_address_is_one(app, document):
    addresses = {
        span.split("?")[0].removeprefix("GET ").removeprefix("POST ")
        for span in spans(document.read_text())
        if re.match(r"(GET |POST )?/[\w{<]", span)
        and " " not in span.removeprefix("GET ").removeprefix("POST ")
    }

    unknown = {
        one for one in addresses if not one.startswith(NOT_OURS) and not _leads_somewhere(app, one)
    }

    assert not unknown


def _leads_somewhere(app, address):
    adapter = app.url_map.bind("")
    for value in STANDS_FOR:
        path = re.sub(r"\{[^}]*\}|<[^>]*>|…", value, address)
        for method in ("GET", "POST"):
            try:
                adapter.match(path, method=method)
            except (NotFound, MethodNotAllowed):
                continue
            except RequestRedirect:
                return True
            return True
    # The beginning of several.
    return any(
        rule.rule.startswith(address.rstrip("…/") + "/") for rule in app.url_map.iter_rules()
    )


@each_document
def test_every_variable_means_something(document):
    named = {
        name
        for span in spans(document.read_text())
        for name in re.findall(r"\b[A-Z][A-Z]+_[A-Z_]+\b", span)
        if not span.startswith(("http", "{"))
    }

    assert named - {field.name for field in fields(Config)} - OTHERS == set()


@each_document
def test_every_link_leads_to_a_file(document):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text())

    missing = [
        link for link in links if "://" not in link and not (document.parent / link).exists()
    ]

    assert not missing


@each_document
def test_every_make_target_is_one(document):
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.M))
    text = document.read_text()
    named = {
        found
        for code in (*blocks(text), *spans(text))
        for found in re.findall(r"^(?:[A-Z_]+=\S+ )*make (?:[A-Z]+=\S+ )?([a-z-]+)", code)
    }

    assert named <= targets


@each_document
def test_every_file_of_ours_that_is_named_is_there(document):
    named = {
        span
        for span in spans(document.read_text())
        if re.fullmatch(r"(app|deploy|tests|docs|bench|migrations)/[\w./-]*", span)
    }

    assert [one for one in named if not (CHECKOUT / one).exists()] == []


def test_every_test_that_a_threat_names_is_there():
    named = re.findall(
        r"`(tests/[\w/.]+\.py)::(test_\w+)`", (CHECKOUT / "docs/security.md").read_text()
    )

    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in (CHECKOUT / file).read_text()
    ]

    assert not missing
    assert len(named) > 20
