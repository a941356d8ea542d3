"""The tag manager, page and operations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extensions import db
from app.models import Job, JobStatus, JobTicket
from app.services import jobs
from app.services.operations import Change, Reason, Skip, Snapshot
from app.tools.tag_manager import add_tags, remove_tags, set_tags
from tests.fixtures.running_jobs import finish
from tests.fixtures.visitor import Page

PAGE = "/tools/tag-manager"
tag_sets = st.frozensets(st.sampled_from("abcdef"))


def snapshot(tags):
    return Snapshot(id=1, status="open", tags=frozenset(tags), updated_at="")


@given(has=tag_sets, asked=tag_sets)
def test_adding_adds_only_what_is_missing(has, asked):
    decision = add_tags(snapshot(has), tags=asked)

    wanted = Change(add_tags=asked - has) if asked - has else Skip(Reason.ALREADY_SO)
    assert decision == wanted


@given(has=tag_sets, asked=tag_sets)
def test_removing_removes_only_what_is_there(has, asked):
    decision = remove_tags(snapshot(has), tags=asked)

    wanted = Change(remove_tags=asked & has) if asked & has else Skip(Reason.ALREADY_SO)
    assert decision == wanted


@given(has=tag_sets, asked=tag_sets)
def test_setting_leaves_exactly_those_that_were_asked_for(has, asked):
    decision = set_tags(snapshot(has), tags=asked)

    wanted = Change(add_tags=asked - has, remove_tags=has - asked)
    assert decision == (Skip(Reason.ALREADY_SO) if asked == has else wanted)


def test_tags_are_set_ticket_by_ticket(sandbox, run_job):
    tickets = [sandbox.add_ticket(tags=tags) for tags in (["a", "x"], ["b"], ["a", "b"])]

    job = run_job("set_tags", tickets=tickets, tags=["a", "b"])

    assert [sandbox.tags_of(ticket) for ticket in tickets] == [{"a", "b"}] * 3
    assert (job.changed_count, job.unchanged_count) == (2, 1)


def test_a_ticket_that_moved_since_the_plan_keeps_its_tags(sandbox, make_job):
    ticket = sandbox.add_ticket(tags=["a"])
    job = make_job([ticket], operation="set_tags", tags=["b"])
    finish(job, until=JobStatus.PLANNED)
    sandbox.set_ticket(ticket, additional_tags=["urgent"])

    apply(job)

    assert sandbox.tags_of(ticket) == {"a", "urgent"}
    assert (job.skipped_count, row_of(job).reason) == (1, "changed_since_plan")


def test_the_tags_of_a_closed_ticket_cannot_be_set(sandbox, run_job):
    other, same = (sandbox.add_ticket(status="closed", tags=[tag]) for tag in "ab")

    job = run_job("set_tags", tickets=[other, same], tags=["b"])

    assert (job.skipped_count, job.unchanged_count) == (1, 1)
    assert sandbox.tags_of(other) == {"a"}


def apply(job):
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=True, typed_count="1")
    db.session.commit()
    finish(job)


def row_of(job):
    return db.session.query(JobTicket).filter_by(job_id=job.id).one()


@pytest.fixture
def view(sandbox):
    """A view of three tickets, one of which has the tag already."""
    for tags in (["x"], ["x", "vip"], ["x", "late"]):
        sandbox.add_ticket(tags=tags)
    return sandbox.add_view("Late parcels", lambda ticket: "x" in ticket.tags)


def fill(view, /, **changes):
    fields = {"operation": "add_tags", "tags": "VIP", "view": str(view), "limit": "500"}
    return fields | changes


def test_the_views_are_offered_before_they_are_counted(agent, view):
    page = agent.get(PAGE).text

    assert f'>Late parcels<span id="count-{view}"></span></label>' in page
    assert 'hx-get="/choosing/counts?done=0"' in page


def test_a_plan_is_shown_before_anything_is_written(sandbox, agent, view):
    answer = agent.submit(PAGE, **fill(view))
    page = agent.get(answer.location)

    assert "2 of 3 tickets will change. Nothing has been changed yet." in Page(page.text).text
    assert "Add vip to 2 tickets" in page.text
    assert sandbox.summary()["deliveries"] == 0


def test_a_small_plan_is_done_at_once_without_a_worker(sandbox, agent, view):
    plan = agent.submit(PAGE, **fill(view)).location

    done = agent.submit(plan, f"{plan}/apply")

    assert "2 changed" in Page(agent.get(done.location).text).text
    assert sandbox.summary(tag="vip")["with_tag"] == 3


def test_removing_is_offered_too(sandbox, agent, view):
    plan = agent.submit(PAGE, **fill(view, operation="remove_tags")).location

    agent.submit(plan, f"{plan}/apply")

    assert sandbox.summary(tag="vip")["with_tag"] == 0


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("tags", "", "Type at least one tag."),
        ("tags", " , ", "Type at least one tag."),
        ("tags", "x" * 300, "A tag can have at most 255."),
        ("tags", " ".join(f"t{i}" for i in range(5000)), "These are 5,000 tags."),
        ("tags", "<b>", "which Zendesk does not keep in tags"),
        ("view", [], "Choose a view."),
        ("view", "999", "That view is gone"),
        ("view", "one", "That view is gone"),
        ("limit", "0", "Type a whole number from 1 to 50,000."),
        ("limit", "many", "Type a whole number from 1 to 50,000."),
        ("limit", "", "Type a whole number from 1 to 50,000."),
        ("limit", "50001", "Type a whole number from 1 to 50,000."),
        ("operation", "explode", "Not a valid choice"),
        ("reason", "y" * 501, "At most 500 characters."),
    ],
)
def test_bad_input_gets_a_message_and_what_was_typed_is_kept(app, agent, view, field, typed, words):
    answer = agent.submit(PAGE, **fill(view, **{"reason": "because", field: typed}))

    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{field}' in answer.text
    assert "because" in answer.text or field == "reason"
    if field != "tags":
        assert ">VIP</textarea>" in answer.text.replace("\r\n", "").replace("\n", "")
    with app.app_context():
        assert db.session.query(Job).count() == 0


def test_what_was_typed_as_tags_comes_back_as_text(agent, view):
    answer = agent.submit(PAGE, **fill(view, tags='<script>alert("x")</script>'))

    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_a_number_with_commas_is_a_number(app, agent, view):
    agent.submit(PAGE, **fill(view, limit="12,000"))

    with app.app_context():
        assert db.session.query(Job).one().limit == 12_000


def test_the_same_form_sent_twice_is_one_job(app, agent, view):
    form = Page(agent.get(PAGE).text).fields | fill(view)

    places = {agent.open(PAGE, "POST", data=form).location for _ in range(2)}

    assert len(places) == 1
    with app.app_context():
        assert db.session.query(Job).count() == 1


def test_zendesk_out_of_reach_is_said_and_what_was_typed_is_kept(sandbox, agent, view):
    form = Page(agent.get(PAGE).text).fields | fill(view)
    forget_views(agent)
    sandbox.change_settings(down=True)

    answer = agent.open(PAGE, "POST", data=form)

    assert "The views could not be read from Zendesk" in answer.text
    assert "VIP" in answer.text
    assert answer.status_code == 422


def test_wrong_credentials_are_said(app, agent):
    app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"

    answer = agent.get(PAGE)

    assert answer.status_code == 200
    assert "The views could not be read from Zendesk" in answer.text
    assert "401" in answer.text


def test_no_connection_at_all_is_said(app, agent):
    app.config["ZENDESK_SUBDOMAIN"] = ""

    assert "not connected to a Zendesk account yet" in agent.get(PAGE).text


def forget_views(agent):
    with agent.http.application.app_context():
        from app.extensions import redis

        redis.flushdb()


def test_a_views_title_is_shown_as_text(sandbox, agent):
    sandbox.add_view("<img src=x onerror=alert(1)>", lambda ticket: False)

    page = agent.get(PAGE).text

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
