"""People: who there is, who may what, and the way in for each."""

from dataclasses import dataclass

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import asked
from app.access import address, me
from app.admin import bp
from app.admin.people_forms import DeactivationForm, InvitationForm
from app.extensions import db
from app.menu import Page
from app.models import Purpose, Role, User
from app.services import account_links, account_mail, api_tokens, mail, people, two_factor
from app.services.account_links import LASTS_FROM_ADMIN
from app.services.accounts import LONGEST_EMAIL, AccountRefused
from app.services.mail import MailFailed
from app.services.permissions import NotPermitted

PAGE = Page(
    "People",
    "Who may sign in, and as what. Invite people, and help those who cannot get in.",
    "admin.people_list",
    place=20,
)


@bp.get("/people")
def people_list() -> str:
    text = asked.text("text", LONGEST_EMAIL)
    before, after = (asked.text(name, LONGEST_EMAIL) or None for name in ("before", "after"))
    listed = people.page(text, before, after)
    return render_template(
        "admin/people.html",
        listed=listed,
        text=text,
        number=people.number(),
        at_work=people.jobs_at_work(listed.items),
        links=people.open_links(listed.items),
        with_two_factor=two_factor.of_people(listed.items),
    )


@bp.route("/people/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    form = InvitationForm()
    if not form.validate_on_submit():
        return _invitation(form), 422 if form.errors else 200
    try:
        user, token = people.invite(form.email.data or "", Role(form.role.data), me(), address())
    except AccountRefused as refused:
        db.session.rollback()
        form.email.errors = [str(refused)]
        return _invitation(form), 422
    return _link_page(user, Purpose.INVITE, token, is_new=True)


@bp.get("/people/<int:person_id>")
def person(person_id: int) -> str:
    user = _person_or_404(person_id)
    return render_template(
        "admin/person.html",
        person=user,
        at_work=people.jobs_at_work([user]).get(user.id, 0),
        link_until=people.open_links([user]).get(user.id),
        is_me=user.id == me().id,
        has_two_factor=two_factor.is_on(user),
        tokens=api_tokens.number_that_work(user),
    )


@bp.get("/people/<int:person_id>/role")
def ask_for_role(person_id: int) -> str:
    return render_template("admin/role.html", person=_person_or_404(person_id))


@bp.post("/people/<int:person_id>/role")
def set_role(person_id: int) -> ResponseReturnValue:
    user = _person_or_404(person_id)
    role = next((one for one in Role if one == request.form.get("role")), None) or abort(400)
    try:
        is_new = people.set_role(user, role, me(), address())
    except NotPermitted as refused:
        return _refused(person_id, refused)
    words = "is now" if is_new else "was already"
    flash(f"{user.email} {words} {'an admin' if user.is_admin else 'a user'}.", "success")
    db.session.commit()
    return _back(person_id)


@bp.route("/people/<int:person_id>/deactivate", methods=["GET", "POST"])
def deactivate(person_id: int) -> ResponseReturnValue:
    user, form = _person_or_404(person_id), DeactivationForm()
    if not form.validate_on_submit():
        number = people.jobs_at_work([user]).get(user.id, 0)
        return render_template("admin/deactivate.html", person=user, form=form, at_work=number)
    try:
        cancelled = people.deactivate(user, me(), address(), cancel_jobs=form.cancel_jobs.data)
    except NotPermitted as refused:
        return _refused(person_id, refused)
    jobs = "One job is" if cancelled == 1 else f"{cancelled} jobs are"
    stopped = f" {jobs} cancelled, as soon as what is in flight has come back." if cancelled else ""
    flash(f"{user.email} is switched off and signed out everywhere.{stopped}", "success")
    db.session.commit()
    return _back(person_id)


@bp.post("/people/<int:person_id>/activate")
def activate(person_id: int) -> ResponseReturnValue:
    user = _person_or_404(person_id)
    try:
        people.activate(user, me(), address())
    except NotPermitted as refused:
        return _refused(person_id, refused)
    flash(f"{user.email} is switched on. Their old password works again.", "success")
    db.session.commit()
    return _back(person_id)


@bp.post("/people/<int:person_id>/sessions/end")
def end_sessions(person_id: int) -> ResponseReturnValue:
    user = _person_or_404(person_id)
    try:
        people.end_sessions(user, me(), address())
    except NotPermitted as refused:
        return _refused(person_id, refused)
    flash(f"{user.email} is signed out everywhere.", "success")
    db.session.commit()
    return _back(person_id)


@bp.post("/people/<int:person_id>/two-factor/reset")
def reset_two_factor(person_id: int) -> ResponseReturnValue:
    user = _person_or_404(person_id)
    try:
        two_factor.reset(user, me(), address())
    except NotPermitted as refused:
        return _refused(person_id, refused)
    flash(
        f"{user.email} signs in with the password alone now, until they set it up anew.", "success"
    )
    db.session.commit()
    return _back(person_id)


@bp.post("/people/<int:person_id>/link")
def make_link(person_id: int) -> ResponseReturnValue:
    user = _person_or_404(person_id)
    try:
        purpose, token = people.make_link(user, me(), address())
    except NotPermitted as refused:
        return _refused(person_id, refused)
    return _link_page(user, purpose, token)


@dataclass(frozen=True)
class Mailed:
    """Whether the link was mailed, and if not, why, in a sentence. Empty where no mail is set up at all."""

    is_done: bool
    why_not: str = ""


def _link_page(
    user: User, purpose: Purpose, token: str, *, is_new: bool = False
) -> ResponseReturnValue:
    """The page with the new link, which is made once and cannot be opened again."""
    email, key = user.email, user.id
    # Nobody waits for our lock while the mail is handed over. Nothing may ask the database before that is done.
    db.session.commit()
    mailed = _mail(email, purpose, token)
    return render_template(
        "admin/link.html",
        email=email,
        key=key,
        purpose=purpose,
        is_new=is_new,
        mailed=mailed,
        # A link that the person has in their mail is theirs alone.
        link=None if mailed.is_done and purpose is Purpose.RESET else _link(purpose, token),
        hours=int(LASTS_FROM_ADMIN[purpose].total_seconds() // 3600),
    )


def _mail(email: str, purpose: Purpose, token: str) -> Mailed:
    if why_not := account_mail.why_not():
        return Mailed(False, why_not if mail.is_set() else "")
    try:
        if purpose is Purpose.INVITE:
            account_mail.invite(email, token)
        else:
            account_mail.offer_new_password(email, token, from_admin=True)
    except MailFailed as failed:
        return Mailed(False, str(failed))
    return Mailed(True)


def _link(purpose: Purpose, token: str) -> str:
    """At PUBLIC_URL, or else at the host that the admin's own request names: they see where it leads."""
    if current_app.config["PUBLIC_URL"]:
        return account_mail.link_of(purpose, token)
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else request.scheme
    return f"{scheme}://{request.host}{account_links.path(purpose, token)}"


def _invitation(form: InvitationForm) -> str:
    return render_template("admin/invite.html", form=form, why_no_mail=account_mail.why_not())


def _person_or_404(person_id: int) -> User:
    is_key = asked.is_key(person_id)
    return (db.session.get(User, person_id) if is_key else None) or abort(404)


def _refused(person_id: int, refused: NotPermitted) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(refused), "danger")
    return _back(person_id)


def _back(person_id: int) -> ResponseReturnValue:
    return redirect(url_for("admin.person", person_id=person_id))
