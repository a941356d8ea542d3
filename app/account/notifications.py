"""The page on which people choose what they hear of by mail."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import InputRequired

from app.access import address, me
from app.account import bp
from app.extensions import db
from app.menu import Page
from app.models import Wish
from app.services import mail
from app.services.notices import choices

PAGE = Page(
    "Notifications",
    "Which news of jobs you get by email.",
    "account.notifications",
    place=50,
)
WISHES = {
    Wish.ALL: "When it is done or has its plan ready, if it took longer than a minute, and when there is trouble",
    Wish.TROUBLE: "Only when there is trouble",
    Wish.NEVER: "Never",
}


class NotificationsForm(FlaskForm):
    own = RadioField(
        "An email about each of your jobs",
        [InputRequired("Choose when you want an email.")],
        choices=[SelectChoice(str(wish), words) for wish, words in WISHES.items()],
    )
    others = BooleanField(
        "Also when there is trouble in somebody else's job, in Giga Tools itself, or an issue escalates"
    )
    approvals = BooleanField("When somebody else's plan waits for an admin's approval")


@bp.get("/notifications")
def notifications() -> str:
    chosen, form = choices.of(me()), NotificationsForm(formdata=None)
    form.own.data, form.others.data = chosen.own, chosen.others
    form.approvals.data = chosen.approvals
    return _page(form)


@bp.post("/notifications")
def choose_notifications() -> ResponseReturnValue:
    form = NotificationsForm()
    if not form.validate_on_submit():
        return _page(form), 422
    more = {"others": form.others.data, "approvals": form.approvals.data}
    choices.choose(me(), Wish(form.own.data), **more, address=address())
    db.session.commit()
    flash("Saved.", "success")
    return redirect(url_for("account.notifications"))


def _page(form: NotificationsForm) -> str:
    return render_template(
        "account/notifications.html",
        form=form,
        mail_is_set=mail.is_set(),
        has_address=bool(current_app.config["PUBLIC_URL"]),
    )
