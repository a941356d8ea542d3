"""The page on which people see where they are signed in, and end that."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import address, me, my_session
from app.account import bp
from app.extensions import db
from app.menu import Page
from app.services import audit, browsers, sessions

PAGE = Page(
    "Sessions",
    "Where you are signed in. End what you do not know, or have left open.",
    "account.sessions_page",
    place=30,
)


@bp.get("/sessions")
def sessions_page() -> str:
    rows = [(one, browsers.in_words(one.user_agent)) for one in sessions.open_of(me())]
    return render_template("account/sessions.html", rows=rows, here=my_session())


@bp.post("/sessions/end")
def end_session() -> ResponseReturnValue:
    """One of one's own: any other number is as good as none."""
    number = request.form.get("session", type=int)
    found = next((one for one in sessions.open_of(me()) if one.id == number), None)
    if found is None:
        flash("That session had ended already.", "info")
        return _back()
    browser = browsers.in_words(found.user_agent)
    sessions.end(found)
    audit.record(
        me(), "session.end", me().email, address(), browser=browser, browser_address=found.address
    )
    db.session.commit()
    flash(f"The session of {browser} is ended.", "success")
    return _back()


@bp.post("/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    ended = sessions.end_all(me(), but=my_session())
    if ended:
        audit.record(me(), "session.end", me().email, address(), sessions_ended=ended)
        db.session.commit()
    words = "The other session is" if ended == 1 else f"{ended} other sessions are"
    flash(f"{words} ended." if ended else "There was no other session.", "success")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("account.sessions_page"))
