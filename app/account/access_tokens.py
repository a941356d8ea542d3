"""The page on which people make access tokens for their programs, and revoke them."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import InputRequired, Length, Regexp

from app.access import address, me
from app.account import bp, proof
from app.account.proof import PasswordProof
from app.extensions import db
from app.menu import Page
from app.models import ApiToken, Scope
from app.services import api_tokens

PAGE = Page(
    "Access tokens",
    "Let your own programs use Giga Tools in your name.",
    "account.tokens",
    place=40,
)
WORDS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "1 year"}


class TokenForm(PasswordProof):
    """With the password: a token outlives the session, so whoever finds an open browser must not make one."""

    name = StringField(
        "Name",
        [
            InputRequired("Type a name, so that you know later what uses the token."),
            Length(max=api_tokens.LONGEST_NAME, message="At most %(max)d characters."),
            Regexp(r"[^\x00-\x1f]*\S[^\x00-\x1f]*$", message="Type a name on one line."),
        ],
    )
    scope = RadioField(
        "What it may do",
        [InputRequired("Choose what it may do.")],
        choices=[
            SelectChoice(str(Scope.READ), "Read: look at jobs, tickets, macros and views"),
            SelectChoice(str(Scope.WRITE), "Read and write: also make, start and stop jobs"),
        ],
        default=str(Scope.READ),
    )
    days = SelectField(
        "It ends after",
        choices=[SelectChoice(str(days), WORDS[days]) for days in api_tokens.DAYS],
        default="30",
    )


@bp.get("/tokens")
def tokens() -> str:
    return _page(TokenForm())


@bp.post("/tokens")
def create_token() -> ResponseReturnValue:
    """The token is shown in the answer itself: no cookie, log or database may keep it until another page."""
    form = TokenForm()
    if asked := proof.asked(form, _page):
        return asked
    name = (form.name.data or "").strip()
    scope, days = Scope(form.scope.data), int(form.days.data)
    secret = api_tokens.create(me(), name, scope, days, by=me(), address=address())
    db.session.commit()
    return _page(TokenForm(formdata=None), secret, name)


@bp.post("/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> ResponseReturnValue:
    token = _mine_or_404(token_id)
    if api_tokens.revoke(token, by=me(), address=address()):
        flash(f"“{token.name}” is revoked. Programs that use it are turned away.", "success")
    db.session.commit()
    return redirect(url_for("account.tokens"))


def _mine_or_404(token_id: int) -> ApiToken:
    """Somebody else's token does not exist for one."""
    mine = (one for one in api_tokens.of_user(me()) if one.id == token_id)
    return next(mine, None) or abort(404)


def _page(form: TokenForm, secret: str = "", name: str = "") -> str:
    return render_template(
        "account/access_tokens.html",
        form=form,
        secret=secret,
        name=name,
        tokens=api_tokens.of_user(me()),
    )
