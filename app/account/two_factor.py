"""The pages on which people set up a second factor, make recovery codes, and switch it off."""

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from app.access import address, before_two_factor, me, must_set_up_two_factor
from app.account import bp, proof
from app.account.proof import CodeProof, PasswordProof
from app.extensions import db
from app.forms.fields import CodeField
from app.menu import Page
from app.services import two_factor as service
from app.services.two_factor import WrongCode

PAGE = Page(
    "Two-factor",
    "Sign in with a code of your telephone as well, so that your password alone is worth nothing.",
    "account.two_factor",
    place=20,
)


class ConfirmForm(FlaskForm):
    code = CodeField("Code", [InputRequired("Type the code."), Length(max=100)])


@bp.route("/two-factor", methods=["GET", "POST"])
@before_two_factor
def two_factor() -> ResponseReturnValue:
    """How it stands; and to begin, one types the password."""
    form = PasswordProof()
    if service.is_on(me()):
        return _page(form)
    if asked := proof.asked(form, _page):
        return asked
    service.begin(me())
    db.session.commit()
    return redirect(url_for("account.set_up_two_factor"))


@bp.route("/two-factor/set-up", methods=["GET", "POST"])
@before_two_factor
def set_up_two_factor() -> ResponseReturnValue:
    secret = service.begun(me())
    if secret is None:
        flash(
            "Two-factor is on."
            if service.is_on(me())
            else "That took longer than a quarter of an hour. Begin again.",
            "info",
        )
        return _back()
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _set_up_page(form, secret), 422 if form.errors else 200
    try:
        codes = service.confirm(me(), form.code.data or "", address())
    except WrongCode:
        db.session.rollback()
        form.code.errors = [service.words_on_wrong(form.code.data or "")]
        return _set_up_page(form, secret), 422
    db.session.commit()
    return _codes_page(codes, "Two-factor is on")


@bp.route("/two-factor/recovery-codes", methods=["GET", "POST"])
def renew_recovery_codes() -> ResponseReturnValue:
    if not service.is_on(me()):
        return _back()
    form = CodeProof()
    if asked := proof.asked(form, _renew_page):
        return asked
    codes = service.renew_codes(me(), address())
    db.session.commit()
    return _codes_page(codes, "Your new recovery codes")


@bp.route("/two-factor/off", methods=["GET", "POST"])
def switch_off_two_factor() -> ResponseReturnValue:
    if not service.is_on(me()):
        return _back()
    form = CodeProof()
    if asked := proof.asked(form, _off_page):
        return asked
    service.switch_off(me(), address())
    db.session.commit()
    flash("Two-factor is off. Your password alone signs you in.", "warning")
    return _back()


def _page(form: PasswordProof) -> str:
    return render_template(
        "account/two_factor.html",
        form=form,
        is_on=service.is_on(me()),
        is_demanded=must_set_up_two_factor(me()),
        codes_left=service.codes_left(me()),
    )


def _set_up_page(form: ConfirmForm, secret: str) -> str:
    picture = segno.make_qr(service.link(me(), secret)).svg_data_uri(scale=5, light="white")
    key = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return render_template("account/two_factor_set_up.html", form=form, picture=picture, key=key)


def _renew_page(form: CodeProof) -> str:
    return render_template("account/recovery_codes_renew.html", form=form)


def _off_page(form: CodeProof) -> str:
    return render_template("account/two_factor_off.html", form=form)


def _codes_page(codes: list[str], title: str) -> str:
    return render_template("account/recovery_codes.html", codes=codes, title=title)


def _back() -> ResponseReturnValue:
    return redirect(url_for("account.two_factor"))
