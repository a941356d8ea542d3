"""What programs order, and what becomes of it."""

import pytest

from app.extensions import db
from app.models import AuditEvent, Job, Role
from app.services.macro_library import copying

TAGS = {"tool": "tag-manager", "operation": "add_tags", "tags": ["vip"]}


@pytest.fixture
def made(in_app, program):
    """The job that was made of an order."""

    def make(order, by=program):
        answer = by.post("/jobs", order)
        assert answer.status_code == 201, answer.text
        db.session.rollback()
        return db.session.query(Job).filter_by(job_id=answer.json["job_id"]).one()

    return make


def test_tickets_are_chosen_in_each_way(sandbox, made, run_job):
    ids = [sandbox.add_ticket(tags=["x"]) for _ in range(3)]
    late = sandbox.add_view("Late parcels", lambda ticket: "x" in ticket.tags)
    more = sandbox.add_view("Others", lambda ticket: "x" in ticket.tags)
    earlier = run_job(tickets=[*ids, 999_999])
    of_earlier = {"job_id": earlier.job_id, "outcomes": ["changed", "skipped"]}
    kinds = {
        "Late parcels": {"view_id": late},
        "Late parcels and 1 more view": {"view_ids": [late, more]},
        "tickets found by “tags:x”": {"search": " tags:x "},
        "3 tickets by number": {"ticket_ids": [*ids, ids[0]]},
        f"4 tickets of “{earlier.title}”": of_earlier,
    }

    jobs = {words: made(TAGS | {"selection": kind}) for words, kind in kinds.items()}

    assert [job.title for job in jobs.values()] == [f"Add vip to {words}" for words in kinds]
    assert [job.total_items for job in jobs.values()] == [3, 3, 3, 3, 4]


@pytest.mark.parametrize(
    ("asked", "operation", "arguments", "act_words"),
    [
        ({}, "add_tags", {"tags": ["vip"]}, "Add vip to {tickets}"),
        (
            {"tags": ["VIP", "vip", "b"]},
            "add_tags",
            {"tags": ["vip", "b"]},
            "Add vip, b to {tickets}",
        ),
        (
            {"operation": "remove_tags"},
            "remove_tags",
            {"tags": ["vip"]},
            "Remove vip from {tickets}",
        ),
        (
            {"operation": "set_tags"},
            "set_tags",
            {"tags": ["vip"]},
            "Set the tags of {tickets} to vip",
        ),
        (
            {"operation": "set_tags", "tags": []},
            "set_tags",
            {"tags": []},
            "Remove all tags from {tickets}",
        ),
    ],
)
def test_tags_are_ordered_as_by_the_form(
    program_of, made, tags_order, asked, operation, arguments, act_words
):
    admin = program_of("admin@giga.test", Role.ADMIN)

    job = made(tags_order(**asked), by=admin)

    assert (job.operation, job.arguments, job.act_words) == (operation, arguments, act_words)


def test_a_tag_is_renamed(made, tags_order):
    order = tags_order(operation="rename_tag", old_tag="X", new_tag="y")
    del order["tags"]

    job = made(order)

    assert job.arguments == {"old": "x", "new": "y"}
    assert job.title == "Rename x to y on 3 tickets by number"


def test_a_macro_is_applied_by_its_name(sandbox, program_of, made):
    macro = sandbox.add_macro("Refund", [["status", "pending"]])
    copying.renew()
    ticket = sandbox.add_ticket(status="open")
    order = {"tool": "apply-macro-to-view", "macro_id": macro}
    admin = program_of("admin@giga.test", Role.ADMIN)

    job = made(order | {"selection": {"ticket_ids": [ticket]}}, by=admin)

    assert job.title == f"Apply “Refund” to ticket {ticket}"
    assert (job.status, job.planned_count) == ("planned", 1)


def test_nothing_is_written_unless_it_is_asked_for(sandbox, made, tags_order):
    plan = made(tags_order())
    written_by_plan = sandbox.summary()["deliveries"]
    done = made(tags_order(dry_run=False))

    assert (plan.status, plan.dry_run, written_by_plan) == ("planned", True, 0)
    assert (done.status, done.changed_count) == ("completed", 3)


def test_what_else_was_asked_for_is_kept(made, tags_order):
    job = made(tags_order(limit=2, reason=" Recall of batch 7 "))

    assert (job.limit, job.total_items, job.truncated) == (2, 2, True)
    assert job.reason == "Recall of batch 7"


def test_without_zendesk_the_plan_finds_out_whether_the_view_is_there(app, made):
    app.config["ZENDESK_SUBDOMAIN"] = ""

    job = made(TAGS | {"selection": {"view_id": 17}})

    assert job.title == "Add vip to view 17"
    assert not job.is_over


@pytest.mark.parametrize(
    ("outcomes", "field", "words"),
    [
        (["failed"], "selection.outcomes", "The job has no ticket with this result."),
        (["planned"], "selection.outcomes.0", "no ticket that is only planned"),
    ],
)
def test_tickets_of_a_job_that_has_none_are_refused(
    program, run_job, sandbox, outcomes, field, words
):
    job = run_job(tickets=[sandbox.add_ticket()])
    selection = {"job_id": job.job_id, "outcomes": outcomes}

    told = program.post("/jobs", TAGS | {"selection": selection}).json

    assert told["errors"][0]["field"] == field
    assert words in told["errors"][0]["detail"]


def test_tickets_of_somebody_elses_job_are_none(program_of, run_job, sandbox):
    job = run_job(tickets=[sandbox.add_ticket()])
    selection = {"job_id": job.job_id, "outcomes": ["changed"]}

    answer = program_of("other@giga.test").post("/jobs", TAGS | {"selection": selection})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "selection.job_id"


def test_who_ordered_it_is_in_the_audit_log(made, tags_order):
    job = made(tags_order())

    event = db.session.query(AuditEvent).filter_by(action="job.create").one()

    assert (event.actor, event.target) == ("agent@giga.test", job.job_id)
    assert event.address == "127.0.0.1"
