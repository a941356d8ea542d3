"""The pages on which admins watch the pipeline, set it off, and change its schedules."""

from typing import Any
from zoneinfo import available_timezones

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import address, me
from app.admin import bp
from app.admin.pipeline_forms import RunForm, ScheduleForm
from app.extensions import db
from app.menu import Page
from app.models import RunKind, Schedule
from app.services import presence, settings
from app.services.insights import analysis_report, cron_words, runs, schedules, triggers
from app.services.insights.runs import Caller
from app.services.insights.schedules import BadSchedule
from app.tasks import pipeline_tasks

PAGE = Page(
    "Pipeline",
    "Fetching tickets and finding issues in them: what runs, what came of it, and when it runs by itself.",
    "admin.show_pipeline",
    place=45,
)
STOP_POLLING = 286  # htmx's own status: swap this in, and ask no more
BY_HAND = (RunKind.PIPELINE, RunKind.SYNC, RunKind.ANALYZE)


@bp.get("/pipeline")
def show_pipeline() -> str:
    return _page(RunForm(formdata=None))


@bp.get("/pipeline/now")
def pipeline_now() -> ResponseReturnValue:
    """The part of the page that changes while one watches. It rests where nothing runs."""
    now = _now()
    page = render_template("admin/_pipeline_now.html", **now)
    return page, 200 if now["running"] else STOP_POLLING


@bp.post("/pipeline")
def start_pipeline() -> ResponseReturnValue:
    form, kind = RunForm(), request.form.get("what", RunKind.PIPELINE)
    if kind not in BY_HAND:
        abort(400)
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        triggers.count(me())
        run_id = runs.ask(RunKind(kind), _caller(), form.options())
    except _REFUSALS as error:
        return _refused(error, form)
    return _launched(run_id)


@bp.get("/pipeline/schedules/<schedule_id>")
def show_schedule(schedule_id: str) -> str:
    schedule = _schedule_or_404(schedule_id)
    return _schedule_page(schedule, ScheduleForm.of(schedule))


@bp.post("/pipeline/schedules/<schedule_id>")
def save_schedule(schedule_id: str) -> ResponseReturnValue:
    schedule, form = _schedule_or_404(schedule_id), ScheduleForm()
    if not form.validate_on_submit():
        return _schedule_page(schedule, form), 422
    try:
        schedules.edit(schedule, form.timing(), _caller())
    except BadSchedule as error:
        form.refuse(error)
        return _schedule_page(schedule, form), 422
    db.session.commit()
    flash("Saved.", "success")
    return redirect(url_for("admin.show_pipeline", _anchor="schedules"))


@bp.post("/pipeline/schedules/<schedule_id>/switch")
def switch_schedule(schedule_id: str) -> ResponseReturnValue:
    schedule = _schedule_or_404(schedule_id)
    schedules.switch(schedule, _caller(), enabled=request.form.get("enabled") == "yes")
    state = "on" if schedule.enabled else "off"
    db.session.commit()
    flash(f"The schedule “{schedule.name}” is switched {state}.", "success")
    return redirect(url_for("admin.show_pipeline", _anchor="schedules"))


@bp.post("/pipeline/schedules/<schedule_id>/run")
def run_schedule(schedule_id: str) -> ResponseReturnValue:
    schedule = _schedule_or_404(schedule_id)
    try:
        triggers.count(me())
        run_id = schedules.run_now(schedule, _caller())
    except _REFUSALS as error:
        return _refused(error, RunForm(formdata=None))
    return _launched(run_id)


_REFUSALS = (triggers.TooOften, runs.PipelineBusy, runs.NothingToRun)


def _refused(error: Exception, form: RunForm) -> ResponseReturnValue:
    db.session.rollback()
    if isinstance(error, triggers.TooOften):
        return _page(form, str(error)), 429, {"Retry-After": str(error.seconds)}
    return _page(form, str(error)), 409


def _launched(run_id: str) -> ResponseReturnValue:
    pipeline_tasks.launch(run_id)
    flash("It is asked for. A worker begins it within seconds.", "success")
    return redirect(url_for("admin.show_pipeline"))


def _caller() -> Caller:
    return Caller(me(), address())


def _schedule_or_404(schedule_id: str) -> Schedule:
    return schedules.named(schedule_id) or abort(404)


def _now() -> dict[str, Any]:
    running = runs.not_over()
    return {
        "running": running,
        "ended": runs.latest(),
        "worker_is_here": presence.look().worker,
        "described": runs.described,
    }


def _page(form: RunForm, refusal: str = "") -> str:
    return render_template(
        "admin/pipeline.html",
        form=form,
        refusal=refusal,
        schedules=[_standing(one) for one in schedules.known()],
        analysis=analysis_report.look(),
        kept_days=settings.value("tickets_kept_days"),
        most_an_hour=triggers.MOST_AN_HOUR,
        **_now(),
    )


def _standing(schedule: Schedule) -> dict[str, Any]:
    return {
        "schedule": schedule,
        "when": cron_words.in_words(schedule.cron),
        "next_run": schedules.next_run(schedule),
        "last": schedules.last_run(schedule),
    }


def _schedule_page(schedule: Schedule, form: ScheduleForm) -> str:
    return render_template(
        "admin/schedule.html",
        form=form,
        zones=sorted(available_timezones() | {"UTC"}),
        **_standing(schedule),
    )
