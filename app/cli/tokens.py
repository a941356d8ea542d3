"""`flask tokens`: with which programs sign in for a person."""

import click

from app.cli.group import Group
from app.database import writing
from app.extensions import db
from app.models import ApiToken, Scope
from app.services import accounts, api_tokens

GROUP = Group("tokens", help="Access tokens of programs.")


@GROUP.command("create")
@click.argument("email")
@click.option("--scope", type=click.Choice([str(scope) for scope in Scope]), required=True)
@click.option("--name", default="Made on the command line", help="What it is for.")
@click.option("--days", type=click.IntRange(1, api_tokens.DAYS[-1]), default=90, show_default=True)
def create_token(email: str, scope: str, name: str, days: int) -> None:
    """Make a token for the person with EMAIL, and print it. It cannot be shown again."""
    with writing():
        owner = accounts.by_email(email)
        if owner is None:
            raise click.ClickException(f"There is no account for {email}.")
        secret = api_tokens.create(owner, name[: api_tokens.LONGEST_NAME], Scope(scope), days)
        db.session.commit()
    click.echo(secret)


@GROUP.command("list")
@click.argument("email", required=False)
def list_tokens(email: str | None) -> None:
    """Show the tokens there are, of all people or of the one with EMAIL."""
    for token in api_tokens.everybodys():
        if email is None or token.user.email == email.strip().lower():
            click.echo(_line(token))


@GROUP.command("revoke")
@click.argument("number", type=int)
def revoke_token(number: int) -> None:
    """Let the token with this NUMBER in the list be of no use any more."""
    with writing():
        token = db.session.get(ApiToken, number)
        if token is None:
            raise click.ClickException(f"There is no token {number}. See: flask tokens list")
        is_new = api_tokens.revoke(token)
        db.session.commit()
    click.echo(f"Token {number} is revoked." if is_new else f"Token {number} was revoked before.")


def _line(token: ApiToken) -> str:
    used = f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never"
    return (
        f"{token.id}\t{token.user.email}\t{token.prefix}…\t{token.scope}\t{token.state}"
        f"\tends {token.expires_at:%Y-%m-%d}\tused {used}\t{token.name}"
    )
