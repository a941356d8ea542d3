"""Whatever a job did and somebody else did after it: undo restores what was ours and is still so, and nothing else."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.models import JobStatus
from app.services import lineage
from app.services.lineage import Relation
from app.zendesk.sandbox.fields import ORDER_FIELD, PRODUCT_FIELD
from tests.fixtures.running_jobs import agree, finish

TAGS = st.sets(st.sampled_from(["a", "b", "c"]))
PRODUCTS = ["kettle_k1", "kettle_k2", "toaster_t1"]
STATUSES = ["new", "open", "pending", "solved"]
FIELDS = {
    "status": st.sampled_from(STATUSES[1:]),
    "type": st.sampled_from(["task", "problem"]),
    "priority": st.sampled_from(["low", "high"]),
    PRODUCT_FIELD: st.sampled_from(PRODUCTS),
    ORDER_FIELD: st.sampled_from(["1", "2"]),
}
VALUES = st.fixed_dictionaries({}, optional=FIELDS)
TICKETS = st.lists(
    st.tuples(TAGS, VALUES | VALUES.map(lambda values: values | {"status": "new"})),
    min_size=1,
    max_size=4,
)
ACTIONS = st.sampled_from(["current_tags", "remove_tags", "set_tags"])
# What somebody else does to each of the tickets after the job: add and remove tags, set fields, and close it.
EDITS = st.lists(st.tuples(TAGS, TAGS, VALUES, st.booleans()), min_size=4, max_size=4)


@settings(
    max_examples=8,
    phases=[
        Phase.generate
    ],  # each example is three jobs: to make a failing one smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tickets=TICKETS, tag_action=ACTIONS, tags=TAGS, sets=VALUES, edits=EDITS)
def test_undo_restores_what_was_ours_and_is_still_so(
    sandbox, run_job, tickets, tag_action, tags, sets, edits
):
    ids = [add(sandbox, has, values) for has, values in tickets]
    before = [state(sandbox, one) for one in ids]
    actions = [(action_of(name), value) for name, value in sets.items()]
    macro = sandbox.add_macro("Any", [(tag_action, " ".join(sorted(tags))), *actions])
    job = run_job("apply_macro", tickets=ids, arguments={"macro_id": macro})
    after = [state(sandbox, one) for one in ids]
    for one, change in zip(ids, edits, strict=False):
        edit(sandbox, one, *change)
    edited = [state(sandbox, one) for one in ids]

    back = follow(job, Relation.UNDO)
    undone = [state(sandbox, one) for one in ids]
    follow(back, Relation.UNDO)

    for was, made, became, now in zip(before, after, edited, undone, strict=True):
        assert now == expected(was, made, became)
    assert [state(sandbox, one) for one in ids] == edited


def expected(was, made, became):
    """Part by part; a tag is a part that is there or not."""
    wanted = {
        part: was[part] if was[part] != made[part] == became[part] else became[part]
        for part in became
    }
    if became["status"] == "closed":
        wanted |= {part: became[part] for part in FIELDS}
    if wanted["status"] == "new":
        wanted["status"] = became["status"]
    if wanted["priority"] is None:
        wanted["priority"] = became["priority"]
    return wanted


def add(sandbox, tags, values):
    fields = {name: value for name, value in values.items() if isinstance(name, str)}
    custom = {name: value for name, value in values.items() if isinstance(name, int)}
    ticket_id = sandbox.add_ticket(**{"status": "open"} | fields)
    sandbox.set_ticket(ticket_id, additional_tags=sorted(tags), custom_fields=pairs(custom))
    return ticket_id


def edit(sandbox, ticket_id, add_tags, remove_tags, values, closes):
    fields = {name: value for name, value in values.items() if isinstance(name, str)}
    custom = {name: value for name, value in values.items() if isinstance(name, int)}
    sandbox.set_ticket(
        ticket_id,
        additional_tags=sorted(add_tags),
        remove_tags=sorted(remove_tags),
        custom_fields=pairs(custom),
        **fields,
    )
    if closes:
        sandbox.set_ticket(ticket_id, status="closed")


def pairs(custom):
    return [{"id": field, "value": value} for field, value in custom.items()]


def action_of(name):
    return f"custom_fields_{name}" if isinstance(name, int) else name


def state(sandbox, ticket_id):
    ticket = sandbox.ticket(ticket_id)
    fields = {one["id"]: one["value"] for one in ticket["custom_fields"]}
    parts = {name: fields.get(name) if isinstance(name, int) else ticket[name] for name in FIELDS}
    return parts | {f"tag {tag}": tag in ticket["tags"] for tag in "abc"}


def follow(job, relation):
    """The job that follows, applied; None where there is nothing to do."""
    if job is None or relation not in lineage.offered(job):
        return None
    child = lineage.follow(job, relation, job.user)
    finish(child, until=JobStatus.PLANNED)
    if child.status == JobStatus.PLANNED:
        agree(child)
        finish(child)
    assert (child.failed_count, child.unknown_count) == (0, 0)
    return child
