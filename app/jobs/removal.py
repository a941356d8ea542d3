"""Deleting the jobs that were ticked in the list, once somebody has said that it is meant."""

from typing import Any
from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import asked
from app.access import address, me
from app.jobs import bp
from app.services import removal
from app.services.job_list import JOBS_A_PAGE
from app.services.removal import Removed

LONGEST = 2000  # characters of the list's address
OF_LIST = {"text", "status", "tool", "user", "from", "to", "sort", "after", "before"}


@bp.get("/delete")
def ask_to_delete() -> ResponseReturnValue:
    ticked = asked.job_ids(request.args, JOBS_A_PAGE)
    back = request.args.get("back", "")[:LONGEST]
    found = removal.look(me(), ticked)
    if not found.going and not found.staying:
        flash("No job was ticked. Tick those that you want to delete.", "warning")
        return redirect(_list(back))
    return render_template("jobs/delete.html", found=found, back=back, back_to=_list(back))


@bp.post("/delete")
def delete_several() -> ResponseReturnValue:
    done = removal.remove(me(), asked.job_ids(request.form, JOBS_A_PAGE), address())
    for words, kind in _told(done):
        flash(words, kind)
    return redirect(_list(request.form.get("back", "")[:LONGEST]))


def _told(done: Removed) -> list[tuple[str, str]]:
    """What came of it: sentences, each with its kind."""
    told = []
    if done.gone == 1:
        told.append(("Deleted 1 job. The audit log keeps that it was there.", "success"))
    elif done.gone:
        told.append(
            (f"Deleted {done.gone} jobs. The audit log keeps that they were there.", "success")
        )
    if done.left == 1:
        told.append(("1 job is not over yet, and was left.", "warning"))
    elif done.left:
        told.append((f"{done.left} jobs are not over yet, and were left.", "warning"))
    return told or [("Nothing was deleted: the jobs were gone already.", "warning")]


def _list(query: str) -> str:
    """The list as it was looked at. Of what an address tells, nothing else is taken over."""
    told: dict[str, Any] = {name: text for name, text in parse_qsl(query) if name in OF_LIST}
    return url_for("jobs.index", **told)
