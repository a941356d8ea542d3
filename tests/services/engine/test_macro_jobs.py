"""Macros applied to many tickets by the real engine."""

import pytest
import requests

from app.extensions import db
from app.models import JobStatus, JobTicket
from app.services import jobs
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.zendesk.sandbox.fields import PRODUCT_FIELD, SYMPTOMS_FIELD
from tests.fixtures.running_jobs import finish, in_flight
from tests.services.engine.test_trouble import lose_answers

SOLVE = (("status", "solved"), ("current_tags", "refund"))
REPLY = (*SOLVE, ("comment_value_html", "<p>Your money is on its way.</p>"))
GREETING = (("comment_value_html", "<p>We are at ticket {{ticket.id}}.</p>"),)
INTERNAL = (("comment_value", "Refunded."), ("comment_mode_is_public", "false"))
UNCLEAR = ((f"custom_fields_{SYMPTOMS_FIELD}", "leaking"), ("priority", "high"))


@pytest.fixture
def macro_job(sandbox, make_job):
    """A job that applies a macro of these actions to the tickets; not begun yet."""

    def make(tickets, *actions, **changes):
        macro_id = sandbox.add_macro("Made by a test", actions)
        return make_job(
            tickets,
            tool_slug="apply-macro-to-view",
            operation="apply_macro",
            arguments={"macro_id": macro_id},
            **{"dry_run": False, **changes},
        )

    return make


@pytest.fixture
def applied(macro_job):
    """The same, run to its end."""

    def run(tickets, *actions, **changes):
        job = macro_job(tickets, *actions, **changes)
        finish(job)
        return job

    return run


def row_of(job, ticket_id):
    return db.session.query(JobTicket).filter_by(job_id=job.id, ticket_id=ticket_id).one()


def comments_on(sandbox, ticket_id):
    return [one["comment"] for one in sandbox.truth(ticket_id) if one["comment"]]


def test_sets_what_the_macro_sets_and_leaves_the_rest(sandbox, applied):
    ticket = sandbox.add_ticket(status="open", tags=["vip"], priority="low")

    job = applied([ticket], *SOLVE)

    now = sandbox.ticket(ticket)
    assert (now["status"], now["priority"]) == ("solved", "low")
    assert sandbox.tags_of(ticket) == {"vip", "refund"}
    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 1)


def test_leaves_one_comment_on_each_ticket(sandbox, applied):
    tickets = [sandbox.add_ticket(status="open") for _ in range(120)]

    job = applied(tickets, *REPLY)

    assert job.changed_count == 120
    assert {len(comments_on(sandbox, ticket)) for ticket in tickets} == {1}
    assert "on its way" in str(comments_on(sandbox, tickets[0])[0])


def test_a_comment_is_filled_in_for_each_ticket(sandbox, applied):
    tickets = [sandbox.add_ticket(status="open") for _ in range(2)]

    applied(tickets, *GREETING)

    said = {ticket: comments_on(sandbox, ticket)[0]["body"] for ticket in tickets}
    assert said == {ticket: f"We are at ticket {ticket}." for ticket in tickets}


def test_an_internal_note_stays_internal(sandbox, applied):
    ticket = sandbox.add_ticket(status="open")

    applied([ticket], *INTERNAL)

    assert [one["public"] for one in comments_on(sandbox, ticket)] == [False]


def test_the_history_of_a_ticket_names_the_job_and_the_macro(sandbox, applied):
    ticket = sandbox.add_ticket(status="open")

    job = applied([ticket], *REPLY)

    asked = sandbox.truth(ticket)[-1]["asked"]
    assert asked["metadata"] == {"giga_tools": job.job_id}
    assert asked["macro_ids"] == [job.arguments["macro_id"]]


def test_what_only_zendesk_knows_is_asked_for_each_ticket_before_the_plan_is_sealed(
    sandbox, macro_job
):
    tickets = [sandbox.add_ticket(status="open") for _ in range(3)]
    job = macro_job(tickets, *UNCLEAR, dry_run=True)

    finish(job, until=JobStatus.PLANNED)

    assert row_of(job, tickets[0]).after["priority"] == "high"
    assert str(SYMPTOMS_FIELD) in row_of(job, tickets[0]).after["custom_fields"]


def test_a_plan_that_zendesk_would_not_carry_out_so_is_stopped(sandbox, macro_job, monkeypatch):
    product = (f"custom_fields_{PRODUCT_FIELD}", "kettle_k2")
    job = macro_job([sandbox.add_ticket(status="open")], product)
    misreckon(monkeypatch)

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "1 of 1 tickets" in job.error
    assert "by our reckoning" in job.error
    assert job.started_at is None


def misreckon(monkeypatch):
    """We take tags of drop-downs for none."""
    monkeypatch.setattr(
        "app.services.macros.account.Account.tags_of", lambda self, fields: frozenset()
    )


def test_a_ticket_that_somebody_changed_after_the_plan_is_left_alone(sandbox, macro_job):
    moved, still = (sandbox.add_ticket(status="open") for _ in range(2))
    job = macro_job([moved, still], *REPLY, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    sandbox.set_ticket(moved, subject="Somebody was here")

    go(job)

    assert (row_of(job, moved).outcome, row_of(job, moved).reason) == (
        "skipped",
        "changed_since_plan",
    )
    assert comments_on(sandbox, moved) == []
    assert row_of(job, still).outcome == "changed"


def go(job, pace=None):
    """Apply the plan, and run it to its end or for one slice at this pace."""
    db.session.refresh(job)
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    db.session.commit()
    if pace:
        advance(job.job_id, pace)
    else:
        finish(job)


def test_a_ticket_that_moved_while_its_comment_was_filled_in_is_left_alone(sandbox, macro_job):
    ticket = sandbox.add_ticket(status="open")
    job = macro_job([ticket], *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    sandbox.set_ticket(ticket, subject="Somebody was here")

    go(job)

    assert row_of(job, ticket).reason == "changed_since_plan"
    assert sandbox.requests["PUT /api/v2/tickets/update_many"] == 0


def test_a_lost_answer_leaves_one_comment(sandbox, transport, applied, monkeypatch):
    tickets = [sandbox.add_ticket(status="open") for _ in range(120)]
    lose_answers(transport, monkeypatch, {1, 2})

    job = applied(tickets, *REPLY)

    assert job.changed_count == 120
    assert {len(comments_on(sandbox, ticket)) for ticket in tickets} == {1}


def test_a_call_that_never_arrived_is_made_again(sandbox, transport, applied, monkeypatch):
    tickets = [sandbox.add_ticket(status="open") for _ in range(5)]
    lose_answers(transport, monkeypatch, {1}, after=False)

    job = applied(tickets, *REPLY)

    assert job.changed_count == 5
    assert {len(comments_on(sandbox, ticket)) for ticket in tickets} == {1}


def test_a_lost_answer_and_somebody_elses_change_are_told_apart(
    sandbox, transport, in_app, macro_job, monkeypatch
):
    ours, theirs = (sandbox.add_ticket(status="open") for _ in range(2))
    job = macro_job([ours], *REPLY)
    lose_answers(transport, monkeypatch, {1})
    advance(job.job_id, Pace())
    sandbox.set_ticket(ours, subject="Somebody was here after us")
    finish(job)
    other = macro_job([theirs], *REPLY)
    lose_answers(transport, monkeypatch, {1}, after=False)
    advance(other.job_id, Pace())
    sandbox.set_ticket(theirs, subject="Somebody was here before us")
    finish(other)

    assert row_of(job, ours).outcome == "changed"
    assert row_of(other, theirs).reason == "changed_since_plan"
    assert len(comments_on(sandbox, ours)) == 1
    assert comments_on(sandbox, theirs) == []


def test_a_macro_that_was_edited_stops_the_job_with_what_changed(sandbox, macro_job):
    ticket = sandbox.add_ticket(status="open")
    job = macro_job([ticket], *SOLVE, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    db.session.commit()
    sandbox.set_macro(
        job.arguments["macro_id"], actions=[("status", "pending"), ("current_tags", "refund")]
    )

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "No longer: Set status to Solved." in job.error
    assert "New: Set status to Pending." in job.error
    assert sandbox.truth(ticket) == []


@pytest.fixture
def edited_meanwhile(sandbox, macro_job):
    """A job whose macro is edited while its comments are being filled in."""

    def run(tickets, *, stops):
        job = macro_job(tickets, *GREETING, dry_run=True)
        finish(job, until=JobStatus.PLANNED)
        before, edits = asked_for_renderings(sandbox), []

        def edit_once():
            if not edits and asked_for_renderings(sandbox) > before + 5:
                edits.append("edited")
                put_words(sandbox, job, "<p>Not agreed to.</p>")
            return stops and asked_for_renderings(sandbox) > before + 25

        go(job, Pace(seconds=10, is_stopping=edit_once))
        assert edits
        return job

    return run


def put_words(sandbox, job, words):
    sandbox.set_macro(job.arguments["macro_id"], actions=[("comment_value_html", words)])


def test_words_that_nobody_agreed_to_are_not_sent(sandbox, edited_meanwhile):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]

    job = edited_meanwhile(tickets, stops=False)

    assert job.status == JobStatus.FAILED
    assert "Not agreed to" in job.error
    assert [comments_on(sandbox, ticket) for ticket in tickets] == [[]] * 60


@pytest.mark.parametrize("stops", [False, True])
def test_words_that_nobody_agreed_to_are_not_kept(sandbox, edited_meanwhile, stops):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = edited_meanwhile(tickets, stops=stops)
    finish(job)
    assert job.status == JobStatus.FAILED
    put_words(sandbox, job, GREETING[0][1])

    jobs.resume(job)
    db.session.commit()
    finish(job)

    assert {comments_on(sandbox, one)[0]["body"] for one in tickets} == {
        f"We are at ticket {one}." for one in tickets
    }


@pytest.mark.parametrize("stops", [False, True])
def test_words_that_a_macro_had_for_a_moment_alone_are_not_sent(sandbox, macro_job, stops):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    before, edits = asked_for_renderings(sandbox), []

    def edit_and_edit_back():
        asked = asked_for_renderings(sandbox) - before
        if not edits and asked > 5:
            edits.append(put_words(sandbox, job, "<p>Not agreed to.</p>"))
        if len(edits) == 1 and asked > 25:
            edits.append(put_words(sandbox, job, GREETING[0][1]))
        return stops and len(edits) == 2

    go(job, Pace(seconds=10, is_stopping=edit_and_edit_back))
    assert len(edits) == 2
    finish(job)

    assert job.status == JobStatus.COMPLETED
    assert [[said["body"] for said in comments_on(sandbox, one)] for one in tickets] == [
        [f"We are at ticket {one}."] for one in tickets
    ]


def test_a_macro_whose_title_changed_is_the_same_macro(sandbox, macro_job):
    job = macro_job([sandbox.add_ticket(status="open")], *SOLVE, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    sandbox.set_macro(job.arguments["macro_id"], title="Another title")

    go(job)

    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 1)


def test_a_macro_that_is_gone_is_said_to_be(make_job):
    job = make_job([1], operation="apply_macro", arguments={"macro_id": 424242}, dry_run=False)

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "Macro 424242 is gone" in job.error


def test_the_seal_covers_what_the_macro_does(sandbox, macro_job, make_job):
    ticket = sandbox.add_ticket(status="open", tags=["refund"])
    job = macro_job([ticket], *SOLVE, dry_run=True)
    again, later = (
        make_job([ticket], operation=job.operation, arguments=job.arguments) for _ in range(2)
    )
    finish(job, until=JobStatus.PLANNED)
    finish(again, until=JobStatus.PLANNED)
    # It has the same effect on this ticket.
    sandbox.set_macro(job.arguments["macro_id"], actions=SOLVE[:1])
    finish(later, until=JobStatus.PLANNED)

    assert again.plan_digest == job.plan_digest
    assert later.plan_digest != job.plan_digest


def test_a_closed_ticket_is_not_tried(sandbox, applied):
    ticket = sandbox.add_ticket(status="closed")

    job = applied([ticket], *REPLY)

    assert row_of(job, ticket).reason == "closed"
    assert sandbox.truth(ticket) == []


def test_what_one_slice_has_sent_is_settled_by_the_next(sandbox, in_app, macro_job):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    sandbox.change_settings(speed=20)  # slow enough to be met in flight
    tickets = [sandbox.add_ticket(status="open") for _ in range(150)]
    job = macro_job(tickets, *GREETING)
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    assert in_flight(job) == 100

    finish(job)

    assert job.changed_count == 150
    assert {len(comments_on(sandbox, ticket)) for ticket in tickets} == {1}


def test_comments_that_were_filled_in_are_not_asked_for_twice(sandbox, in_app, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    renderings = asked_for_renderings(sandbox)

    go(job, Pace(seconds=10, is_stopping=lambda: asked_for_renderings(sandbox) > renderings + 5))
    kept = db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None)).count()
    finish(job)

    assert 0 < kept < 60
    assert asked_for_renderings(sandbox) == renderings + 60
    assert {comments_on(sandbox, one)[0]["body"] for one in tickets} == {
        f"We are at ticket {one}." for one in tickets
    }
    assert db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None)).count() == 0


def asked_for_renderings(sandbox):
    return sandbox.requests["GET /api/v2/tickets/{ticket_id}/macros/{id}/apply"]


def test_a_comment_that_was_kept_for_later_is_no_plain_text_in_the_database(sandbox, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    renderings = asked_for_renderings(sandbox)

    go(job, Pace(seconds=10, is_stopping=lambda: asked_for_renderings(sandbox) > renderings + 5))

    with db.engine.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT filled_in FROM job_tickets WHERE filled_in IS NOT NULL"
        ).scalars()
        assert not any("We are at" in text for text in kept.all())


def test_a_plain_comment_that_was_ready_when_its_slice_ended_is_sent_as_plain(sandbox, macro_job):
    said = "Less than 5 days:\na < b"
    tickets = [sandbox.add_ticket(status="open") for _ in range(30)]
    job = macro_job(
        tickets, ("comment_value", said), ("comment_mode_is_public", "false"), dry_run=True
    )
    finish(job, until=JobStatus.PLANNED)
    looks = iter(range(100))

    go(job, Pace(seconds=10, is_stopping=lambda: next(looks) > 5))
    db.session.refresh(job)
    assert job.planned_count == 30
    finish(job)

    sent = [sandbox.truth(ticket)[-1]["asked"]["comment"] for ticket in tickets]
    assert sent == [{"body": said, "public": False}] * 30


def test_a_canary_whose_tickets_are_all_left_alone_still_waits_for_a_look(sandbox, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(30)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    for ticket in tickets[: jobs.CANARY]:
        sandbox.set_ticket(ticket, subject="Somebody was here")

    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False, canary=True)
    db.session.commit()
    finish(job, until=JobStatus.PAUSED, slices=10)

    assert (job.pause_reason, job.skipped_count, job.planned_count) == ("canary", 25, 5)


def test_what_was_sent_before_a_macro_was_edited_still_gets_its_true_result(
    sandbox, in_app, macro_job
):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    sandbox.change_settings(speed=20)  # slow enough to be met in flight
    job = macro_job([sandbox.add_ticket(status="open") for _ in range(150)], *REPLY)
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    sandbox.set_macro(job.arguments["macro_id"], actions=SOLVE)

    finish(job)

    assert job.status == JobStatus.FAILED
    assert (job.changed_count, job.unknown_count, job.planned_count) == (100, 0, 50)


def test_a_note_that_was_kept_for_later_stays_internal(sandbox, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(30)]
    job = macro_job(tickets, *GREETING, ("comment_mode_is_public", "false"), dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    looks = iter(range(100))
    go(job, Pace(seconds=10, is_stopping=lambda: next(looks) > 5))
    kept = db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None))
    assert kept.count() > 0
    first = kept.order_by(JobTicket.position).first().ticket_id
    db.session.rollback()

    finish(job)

    assert [one["public"] for one in comments_on(sandbox, first)] == [False]


def test_a_cancelled_job_keeps_no_comments(sandbox, macro_job):
    job = macro_job([sandbox.add_ticket(status="open") for _ in range(30)], *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    looks = iter(range(100))
    go(job, Pace(seconds=10, is_stopping=lambda: next(looks) > 5))
    kept = db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None))
    assert kept.count() > 0

    db.session.refresh(job)
    jobs.cancel(job)
    db.session.commit()
    finish(job)

    assert kept.count() == 0


def test_what_was_filled_in_before_a_pause_is_filled_in_anew(sandbox, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    renderings = asked_for_renderings(sandbox)
    go(job, Pace(seconds=10, is_stopping=lambda: asked_for_renderings(sandbox) > renderings + 5))
    jobs.pause(job)
    db.session.commit()
    finish(job, until=JobStatus.PAUSED)

    jobs.resume(job)
    db.session.commit()

    assert db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None)).count() == 0


@pytest.mark.parametrize("lost", [False, True])
def test_what_is_in_flight_when_a_macro_changes_is_settled_however_long_it_takes(
    sandbox, transport, in_app, macro_job, monkeypatch, lost
):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    sandbox.change_settings(speed=60)
    tickets = [sandbox.add_ticket(status="open") for _ in range(120)]
    job = macro_job(tickets, *REPLY)
    if lost:
        lose_answers(transport, monkeypatch, {1})
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    sandbox.set_macro(job.arguments["macro_id"], actions=SOLVE)

    for _ in range(3):
        advance(job.job_id, Pace(seconds=0.01))  # none of these slices sees its end
    finish(job, slices=100_000)

    assert (job.status, job.unknown_count) == (JobStatus.FAILED, 0)
    assert (job.changed_count, job.planned_count) == (100, 20)
    assert sum(bool(comments_on(sandbox, one)) for one in tickets) == 100


def test_a_batch_that_could_not_be_sent_is_not_filled_in_twice(
    sandbox, transport, macro_job, monkeypatch
):
    tickets = [sandbox.add_ticket(status="open") for _ in range(30)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    renderings = asked_for_renderings(sandbox)
    lose_answers(transport, monkeypatch, {1}, error=requests.ConnectTimeout(), after=False)

    go(job)

    assert job.changed_count == 30
    assert asked_for_renderings(sandbox) == renderings + 30
