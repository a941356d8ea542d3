"""The pages for webhooks: add one, change it, try it, and see what was sent."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import asked
from app.access import address, me
from app.admin import bp
from app.admin.webhook_form import WORDS, WebhookForm
from app.extensions import db
from app.menu import Page
from app.models import Delivery, DeliveryState, Webhook
from app.services import outward
from app.services.notices import webhooks
from app.services.permissions import NotPermitted
from app.tasks import notices

PAGE = Page(
    "Webhooks",
    "Tell your own programs when a job is done or in trouble, and see what was sent.",
    "admin.list_webhooks",
    place=55,
)
LARGEST_KEY = 2**31 - 1
REFUSED = (outward.Refused, outward.Unreachable, NotPermitted)


@bp.get("/webhooks")
def list_webhooks() -> str:
    return _list(WebhookForm.empty())


@bp.post("/webhooks")
def create_webhook() -> ResponseReturnValue:
    form = WebhookForm()
    if not form.validate_on_submit():
        return _list(form), 422
    try:
        webhook = webhooks.create(_switched_on(form), me(), address())
        db.session.commit()
    except REFUSED as error:
        return _list(_refused(form, error)), 422
    return _secret(webhook, webhook.secret, is_new=True)


@bp.get("/webhooks/<int:webhook_id>")
def show_webhook(webhook_id: int) -> str:
    webhook = _webhook_or_404(webhook_id)
    return _page(webhook, WebhookForm.of(webhook))


@bp.post("/webhooks/<int:webhook_id>")
def save_webhook(webhook_id: int) -> ResponseReturnValue:
    webhook, form = _webhook_or_404(webhook_id), WebhookForm()
    if not form.validate_on_submit():
        return _page(webhook, form), 422
    try:
        webhooks.change(webhook, form.wanted(), me(), address())
        db.session.commit()
    except REFUSED as error:
        return _page(webhook, _refused(form, error)), 422
    flash("Saved.", "success")
    return _back(webhook_id)


@bp.post("/webhooks/<int:webhook_id>/secret")
def new_webhook_secret(webhook_id: int) -> str:
    webhook = _webhook_or_404(webhook_id)
    secret = webhooks.make_new_secret(webhook, me(), address())
    db.session.commit()
    return _secret(webhook, secret, is_new=False)


@bp.post("/webhooks/<int:webhook_id>/test")
def test_webhook(webhook_id: int) -> ResponseReturnValue:
    _tell(webhooks.send_test(_webhook_or_404(webhook_id), me(), address()))
    return _back(webhook_id)


@bp.post("/webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/again")
def send_webhook_again(webhook_id: int, delivery_id: int) -> ResponseReturnValue:
    webhook = _webhook_or_404(webhook_id)
    try:
        is_begun = webhooks.send_again(webhook, min(delivery_id, LARGEST_KEY), me(), address())
    except NotPermitted as refused:
        flash(str(refused), "danger")
        return _back(webhook_id)
    db.session.commit()
    if is_begun:
        notices.wake()
        flash("It is being sent again. Reload the page to see what comes of it.", "info")
    else:
        flash("It is not sent again: it is being tried already, or is not there any more.", "info")
    return _back(webhook_id)


@bp.post("/webhooks/<int:webhook_id>/delete")
def delete_webhook(webhook_id: int) -> ResponseReturnValue:
    webhooks.delete(_webhook_or_404(webhook_id), me(), address())
    db.session.commit()
    flash("The webhook is gone, with the log of what was sent to it.", "info")
    return redirect(url_for("admin.list_webhooks"))


def _webhook_or_404(webhook_id: int) -> Webhook:
    webhook = db.session.get(Webhook, webhook_id) if webhook_id <= LARGEST_KEY else None
    return webhook if webhook is not None else abort(404)


def _switched_on(form: WebhookForm) -> webhooks.Wanted:
    form.enabled.data = True  # the form of a new one does not ask
    return form.wanted()


def _refused(form: WebhookForm, error: Exception) -> WebhookForm:
    db.session.rollback()
    form.url.errors = [str(error)]
    return form


def _tell(delivery: Delivery) -> None:
    """What came of a test. The receiver's own words are in the log, as much of them as is kept."""
    if delivery.state == DeliveryState.SENT:
        flash(f"It works: the receiver answered {delivery.answer_status}.", "success")
    elif delivery.answer_status:
        flash(
            f"The receiver answered {delivery.answer_status}. It must answer with a status from 200 to 299. "
            "The log shows how its answer begins.",
            "danger",
        )
    else:
        flash(f"It did not arrive. {delivery.answer}", "danger")


def _list(form: WebhookForm) -> str:
    return render_template("admin/webhooks.html", form=form, standings=webhooks.everyone())


def _page(webhook: Webhook, form: WebhookForm) -> str:
    state = asked.choice("state", DeliveryState)
    listed = webhooks.deliveries(
        webhook, state, before=asked.key("before"), after=asked.key("after")
    )
    return render_template(
        "admin/webhook.html",
        webhook=webhook,
        form=form,
        listed=listed,
        state=state,
        states=list(DeliveryState),
        event_words=WORDS,
        here=url_for("admin.show_webhook", webhook_id=webhook.id),
    )


def _secret(webhook: Webhook, secret: str, *, is_new: bool) -> str:
    """A page of its own, which nobody comes back to: it is not kept, and has no address."""
    return render_template(
        "admin/webhook_secret.html", webhook=webhook, secret=secret, is_new=is_new
    )


def _back(webhook_id: int) -> ResponseReturnValue:
    return redirect(url_for("admin.show_webhook", webhook_id=webhook_id))
