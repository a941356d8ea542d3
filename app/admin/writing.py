"""The page with the switch that stops all writing to Zendesk."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.access import address, me
from app.admin import bp
from app.extensions import db
from app.menu import Page
from app.models import WritingStop
from app.services import settings, writing_stop
from app.services.writing_stop import LONGEST_REASON, NoReason

PAGE = Page(
    "Stop writing",
    "Keep every job from changing anything in Zendesk, until you let them go on.",
    "admin.writing",
    place=80,
)
SHOWN = 10  # of those that were lifted


@bp.get("/writing")
def writing() -> str:
    return _page()


@bp.post("/writing/stop")
def stop_writing() -> ResponseReturnValue:
    typed = request.form.get("reason", "")
    try:
        stopped = writing_stop.stop(me(), typed, address())
    except NoReason as error:
        db.session.rollback()
        return _page(typed, str(error)), 422
    db.session.commit()
    if stopped:
        flash("Nothing is written to Zendesk from now on.", "success")
    else:
        flash("Somebody else has stopped it already.", "info")
    return redirect(url_for("admin.writing"))


@bp.post("/writing/resume")
def resume_writing() -> ResponseReturnValue:
    woken = writing_stop.lift(me(), address())
    db.session.commit()
    if woken is None:
        flash("Somebody else has let it go on already.", "info")
    else:
        flash(f"Jobs may write to Zendesk again.{_going_on(woken)}", "success")
    return redirect(url_for("admin.writing"))


def _page(typed: str = "", error: str = "") -> str:
    lifted = select(WritingStop).where(WritingStop.lifted_at.is_not(None))
    return render_template(
        "admin/writing.html",
        typed=typed,
        error=error,
        longest=LONGEST_REASON,
        in_flight=settings.current("max_in_flight"),
        earlier=db.session.scalars(lifted.order_by(WritingStop.id.desc()).limit(SHOWN)).all(),
    )


def _going_on(jobs: int) -> str:
    if jobs == 1:
        return " One job that waited for this goes on within seconds."
    return f" {jobs:,} jobs that waited for this go on within seconds." if jobs else ""
