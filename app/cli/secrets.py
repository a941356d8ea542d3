"""`flask secrets`: the keys that encrypt what is secret in the database."""

import click
from cryptography.fernet import Fernet

from app.cli.group import Group
from app.services import key_rotation
from app.services.key_rotation import Age

GROUP = Group("secrets", help="The keys of what is secret in the database.")

WORDS = {
    Age.OLDER: "needs an older key",
    Age.UNREADABLE: "cannot be read with any of the keys",
}


@GROUP.command("new-key")
def new_key() -> None:
    """Print a new key. Put it before the others in ENCRYPTION_KEYS, and restart everything."""
    click.echo(Fernet.generate_key().decode())


@GROUP.command("check")
def check() -> None:
    """Say which rows need an older key than the first. Succeeds if none does."""
    good, others = 0, 0
    for found in key_rotation.look():
        if found.age is Age.NEWEST:
            good += 1
            continue
        others += 1
        click.echo(f"{found.place}, row {found.key}: {WORDS[found.age]}")
    click.echo(f"{good:,} secrets have the first key.")
    if others:
        raise click.ClickException(f"{others:,} do not. `flask secrets rotate` encrypts them anew.")
    click.echo("No older key is needed.")


@GROUP.command("rotate")
def rotate() -> None:
    """Encrypt everything with the first key that an older one encrypted. The app may run meanwhile.

    Put the new key first in ENCRYPTION_KEYS and restart web and workers before; take the old one out after.
    """
    ages = key_rotation.rotate()
    click.echo(
        f"Encrypted anew: {ages[Age.OLDER]:,}. Had the first key already: {ages[Age.NEWEST]:,}."
    )
    if ages[Age.UNREADABLE]:
        raise click.ClickException(
            f"{ages[Age.UNREADABLE]:,} cannot be read with any of the keys: `flask secrets check` says which. "
            "Add the key that they need, and run this again."
        )
