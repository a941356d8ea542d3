"""`flask sandbox run`: the fake Zendesk from the command line."""

import json
import os
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from .beginning import check_file
from .sandbox import Sandbox
from .server import Server, listen
from .settings import PLANS, Settings

sandbox_cli = AppGroup("sandbox", help="A fake Zendesk for demos, tests and measurements.")


@sandbox_cli.command("run", with_appcontext=False)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8900, show_default=True)
@click.option("--tickets", type=click.IntRange(min=0), help="How many tickets there are.")
@click.option("--seed", type=int, help="The same seed makes the same tickets.")
@click.option("--plan", type=click.Choice(list(PLANS)), help="Decides the requests per minute.")
@click.option("--speed", type=float, help="So many times faster than real time.")
@click.option(
    "--faults",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file with other settings, faults and triggers among them.",
)
@click.option("--data", type=click.Path(dir_okay=False), help="A file to keep the state in.")
def run(host: str, port: int, faults: Path | None, data: str | None, **chosen: Any) -> None:
    """Serve the sandbox until it is stopped."""
    settings = _settings(faults, chosen)
    if data:
        _check_file(settings, data)
    try:
        listener = listen(host, port)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}."
        ) from None
    address = f"http://{host}:{listener.getsockname()[1]}"
    Server(listener, lambda: _announced(settings, data, address)).run()


def _settings(faults: Path | None, chosen: dict[str, Any]) -> Settings:
    """Settings from the file, those on the command line before them."""
    try:
        overrides = json.loads(faults.read_text()) if faults else {}
        given = {name: value for name, value in chosen.items() if value is not None}
        return Settings().overridden({**overrides, **given})
    except (ValueError, TypeError) as error:
        raise click.ClickException(f"These settings will not do. {error}") from None


def _check_file(settings: Settings, path: str) -> None:
    try:
        check_file(settings, path)
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _announced(settings: Settings, path: str | None, address: str) -> Sandbox:
    sandbox = Sandbox(settings, path)
    count, speed = f"{settings.tickets:,}", f"{settings.speed:g}"
    click.echo(f"Sandbox: {count} tickets on {address} (speed {speed})")
    return sandbox
