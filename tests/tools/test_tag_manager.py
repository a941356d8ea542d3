"""The tag manager, page and operations."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extensions import db
from app.models import Job, JobStatus, JobTicket, Role
from app.services import accounts, jobs, lineage
from app.services.jobs import NotPermitted
from app.services.lineage import Relation
from app.services.operations import Change, Reason, Skip, Snapshot
from app.tools.tag_manager import add_tags, remove_tags, rename_tag, set_tags
from tests.fixtures.running_jobs import BY_ADMIN, finish
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


@pytest.mark.parametrize(
    ("has", "wanted"),
    [
        ("old other", Change(add_tags=frozenset({"new"}), remove_tags=frozenset({"old"}))),
        ("old new", Change(remove_tags=frozenset({"old"}))),
        ("new", Skip(Reason.ALREADY_SO)),
        ("", Skip(Reason.ALREADY_SO)),
    ],
)
def test_renaming_touches_only_tickets_with_the_old_tag(has, wanted):
    assert rename_tag(snapshot(has.split()), old="old", new="new") == wanted


def test_tags_are_set_ticket_by_ticket(sandbox, run_job):
    tickets = [sandbox.add_ticket(tags=tags) for tags in (["a", "x"], ["b"], ["a", "b"])]

    job = run_job("set_tags", tickets=tickets, tags=["a", "b"], **BY_ADMIN)

    assert [sandbox.tags_of(ticket) for ticket in tickets] == [{"a", "b"}] * 3
    assert (job.changed_count, job.unchanged_count) == (2, 1)


def test_a_ticket_that_moved_since_the_plan_keeps_its_tags(sandbox, make_job):
    ticket = sandbox.add_ticket(tags=["a"])
    job = make_job([ticket], operation="set_tags", tags=["b"], **BY_ADMIN)
    finish(job, until=JobStatus.PLANNED)
    sandbox.set_ticket(ticket, additional_tags=["urgent"])

    apply(job)

    assert sandbox.tags_of(ticket) == {"a", "urgent"}
    assert (job.skipped_count, row_of(job).reason) == (1, "changed_since_plan")


def test_the_tags_of_a_closed_ticket_cannot_be_set(sandbox, run_job):
    other, same = (sandbox.add_ticket(status="closed", tags=[tag]) for tag in "ab")

    job = run_job("set_tags", tickets=[other, same], tags=["b"], **BY_ADMIN)

    assert (job.skipped_count, job.unchanged_count) == (1, 1)
    assert sandbox.tags_of(other) == {"a"}


@pytest.fixture
def rename(make_job):
    """A job that renames old to new, with its plan made."""

    def rename(*tickets):
        task = {"old": "old", "new": "new"}
        job = make_job(tickets, operation="rename_tag", arguments=task)
        finish(job, until=JobStatus.PLANNED)
        return job

    return rename


def test_a_tag_is_renamed_in_one_change_on_closed_tickets_too(sandbox, rename):
    open_one, both, closed, without = (
        sandbox.add_ticket(tags=tags, status=status)
        for tags, status in [
            (["old", "a"], "open"), (["old", "new"], "open"), (["old"], "closed"), (["a"], "open"),
        ]
    )  # fmt: skip

    job = rename(open_one, both, closed, without)
    apply(job)

    tags = [sandbox.tags_of(one) for one in (open_one, both, closed, without)]
    assert tags == [{"new", "a"}, {"new"}, {"new"}, {"a"}]
    assert (job.changed_count, job.unchanged_count) == (3, 1)


def test_a_ticket_that_lost_the_tag_since_the_plan_does_not_get_its_new_name(sandbox, rename):
    lost, moved = (sandbox.add_ticket(tags=["old"]) for _ in range(2))
    job = rename(lost, moved)
    sandbox.set_ticket(lost, remove_tags=["old"])
    sandbox.set_ticket(moved, additional_tags=["urgent"])

    apply(job)

    assert (sandbox.tags_of(lost), sandbox.tags_of(moved)) == (set(), {"new", "urgent"})
    assert (job.changed_count, job.unchanged_count) == (1, 1)


def test_a_renaming_is_undone_as_the_difference_that_it_made(sandbox, rename):
    one, both = sandbox.add_ticket(tags=["old"]), sandbox.add_ticket(tags=["old", "new"])
    job = rename(one, both)
    apply(job)

    back = lineage.follow(job, Relation.UNDO, job.user)
    finish(back, until=JobStatus.PLANNED)
    apply(back)

    assert (sandbox.tags_of(one), sandbox.tags_of(both)) == ({"old"}, {"old", "new"})


def test_who_is_no_admin_orders_starts_and_follows_no_setting_of_tags(
    sandbox, make_job, agent, in_app
):
    ticket = sandbox.add_ticket(tags=["a"])
    with pytest.raises(NotPermitted):
        make_job([ticket], operation="set_tags", tags=["b"])
    job = make_job([ticket], operation="set_tags", tags=["b"], **BY_ADMIN)
    finish(job, until=JobStatus.PLANNED)
    somebody = accounts.by_email("agent@giga.test")

    with pytest.raises(NotPermitted):
        jobs.apply(job, job.plan_digest, somebody, agreed_to_part=False, typed_count="1")
    with pytest.raises(NotPermitted):
        lineage.follow(job, Relation.RERUN, somebody)


def test_who_is_no_longer_an_admin_cannot_start_the_job_and_can_discard_it(
    sandbox, plan_job, admin
):
    job = plan_job([sandbox.add_ticket(tags=["a"])], operation="set_tags", tags=["b"], **BY_ADMIN)
    job.user.role = Role.USER
    db.session.commit()
    page = f"/jobs/{job.job_id}"

    refused = [
        admin.submit(page, f"{page}/{what}").status_code for what in ("apply", "rerun", "undo")
    ]
    admin.submit(page, f"{page}/cancel")

    assert refused == [403, 403, 403]
    assert admin.get(f"{page}/status").json["status"] == "cancelled"


def apply(job):
    number = str(job.planned_count)
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=True, typed_count=number)
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


def test_a_tag_is_renamed_by_the_form(sandbox, agent, view):
    form = fill(view, operation="rename_tag", tags="", old_tag="Late", new_tag="tardy")

    plan = agent.submit(PAGE, **form).location
    page = agent.get(plan).text
    agent.submit(plan, f"{plan}/apply")

    assert '<h1 class="text-break">Rename late to tardy on Late parcels</h1>' in page
    assert "Rename late to tardy on 1 ticket</button>" in page
    assert sandbox.summary(tag="tardy")["with_tag"] == 1
    assert sandbox.summary(tag="late")["with_tag"] == 0


def test_who_is_no_longer_an_admin_does_not_set_tags_again_by_undoing_the_undo(
    sandbox, run_job, admin
):
    ticket = sandbox.add_ticket(tags=["a"])
    job = run_job("set_tags", tickets=[ticket], tags=["b"], **BY_ADMIN)
    undone = lineage.follow(job, Relation.UNDO, job.user)
    finish(undone, until=JobStatus.PLANNED)
    jobs.apply(undone, undone.plan_digest, job.user, agreed_to_part=False)
    db.session.commit()
    finish(undone)
    job.user.role = Role.USER
    db.session.commit()

    refused = admin.submit(PAGE, f"/jobs/{undone.job_id}/undo")

    assert refused.status_code == 403
    assert sandbox.tags_of(ticket) == {"a"}


def test_an_admin_sets_tags_by_the_form(sandbox, admin, view):
    plan = admin.submit(PAGE, **fill(view, operation="set_tags", tags="a b")).location
    page = admin.get(plan).text

    assert "Set the tags of Late parcels to a, b</h1>" in page
    assert "Set the tags of 3 tickets to a, b</button>" in page


def test_all_tags_are_taken_away_only_with_a_tick(app, sandbox, admin, view):
    nothing = fill(view, operation="set_tags", tags="")

    refused = admin.submit(PAGE, **nothing)
    both = admin.submit(PAGE, **nothing | {"wipe": "y", "tags": "a"})
    plan = admin.submit(PAGE, **nothing | {"wipe": "y"}).location

    assert "Type at least one tag." in refused.text
    assert "You typed tags above." in both.text
    assert "Remove all tags from 3 tickets</button>" in admin.get(plan).text


def test_setting_tags_is_offered_to_admins_only(app, agent, admin, view):
    form = fill(view, operation="set_tags")

    assert 'value="set_tags"' in admin.get(PAGE).text
    assert 'value="set_tags"' not in agent.get(PAGE).text
    assert "Not a valid choice" in agent.submit(PAGE, **form).text


def test_an_address_fills_in_the_form(agent, view):
    page = agent.get(f"{PAGE}?operation=rename_tag&old_tag=%3Cb%3E&view={view}").text

    assert re.search(r'<input checked[^>]*value="rename_tag"', page)
    assert re.search(rf'<input checked[^>]*value="{view}"', page)
    assert 'value="&lt;b&gt;"' in page


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"old_tag": "", "new_tag": "b"}, "old_tag", "Type the tag that you want to rename."),
        ({"old_tag": "a", "new_tag": " "}, "new_tag", "Type the new name of the tag."),
        ({"old_tag": "vip", "new_tag": "VIP"}, "new_tag", "This is the name that the tag has now."),
        ({"old_tag": "a b", "new_tag": "c"}, "old_tag", "Type one tag only."),
        ({"old_tag": "<i>", "new_tag": "c"}, "old_tag", "which Zendesk does not keep in tags"),
    ],
)
def test_a_renaming_that_cannot_be_is_refused_beside_its_field(agent, view, typed, field, words):
    answer = agent.submit(PAGE, **fill(view, operation="rename_tag", tags="", **typed))

    assert answer.status_code == 422
    (href,) = re.findall(r'<li><a href="#(\w+)">', answer.text)
    assert href == field
    assert words in answer.text


@pytest.mark.parametrize("operation", ["remove_tags", "rename_tag"])
def test_a_plan_says_that_a_fields_value_goes_with_its_tag(agent, sandbox, operation):
    sandbox.add_ticket(tags=["leaking"])
    view = sandbox.add_view("Leaks", lambda ticket: "leaking" in ticket.tags)
    form = fill(view, operation=operation, tags="leaking", old_tag="leaking", new_tag="leak")

    page = Page(agent.get(agent.submit(PAGE, **form).location).text).text

    assert "The tag leaking belongs to the field “Symptoms”" in page


def test_a_plan_says_how_many_of_its_tickets_are_closed(agent, admin, sandbox):
    for status in ("closed", "closed", "open"):
        sandbox.add_ticket(tags=["x"], status=status)
    view = sandbox.add_view("Some", lambda ticket: "x" in ticket.tags)

    adding = agent.get(agent.submit(PAGE, **fill(view)).location).text
    setting = admin.get(admin.submit(PAGE, **fill(view, operation="set_tags")).location).text

    assert "2 of these tickets are closed. Zendesk lets tags be added" in adding
    assert "2 tickets are closed and left alone." in setting
    assert "closed. Zendesk" not in setting


def test_closed_tickets_that_are_left_out_of_the_plan_are_not_counted(agent, sandbox):
    first, _ = [sandbox.add_ticket(tags=["x"], status="closed") for _ in range(2)]
    view = sandbox.add_view("Some", lambda ticket: "x" in ticket.tags)
    plan = agent.submit(PAGE, **fill(view)).location
    assert "2 of these tickets are closed." in agent.get(plan).text

    agent.submit(plan, f"{plan}/untick", shown=str(first))

    assert "One of these tickets is closed." in agent.get(plan).text


@pytest.mark.parametrize("source", ["view", "ids", "search"])
def test_tags_of_the_chosen_tickets_are_offered_however_they_are_chosen(sandbox, agent, source):
    tickets = [sandbox.add_ticket(tags=["x", "late"]) for _ in range(3)]
    view = sandbox.add_view("Late", lambda ticket: "x" in ticket.tags)
    chosen = {
        "view": {"view": view},
        "ids": {"ticket_ids": "\n".join(map(str, tickets))},
        "search": {"search": "tags:x"},
    }[source]

    told = agent.get(f"{PAGE}/tags", query_string={"start": "LAT", "source": source} | chosen).json

    assert told["tags"][0] == {"name": "late", "words": "on 3 of the 3"}
    assert told["is_partial"] is False


def test_an_address_that_makes_no_sense_offers_what_zendesk_finds(agent, view):
    told = agent.get(f"{PAGE}/tags?start=late&view=one&view=-1&source=nowhere").json

    assert told["tags"][0] == {"name": "late", "words": ""}


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
