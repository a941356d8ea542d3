"""What a plan's start has to be agreed to with."""

import pytest

from app.models import Job
from app.services import agreeing, jobs
from app.services.agreeing import NotAgreed, Said
from tests.fixtures.running_jobs import BY_ADMIN


def plan(**values):
    return Job(
        **(
            {"operation": "set_tags", "planned_count": 1240, "total_items": 1300, "arguments": {}}
            | values
        )
    )


def fields(agreements):
    return [one.field for one in agreements]


@pytest.mark.parametrize("typed", ["1240", "1,240", "1 240", " 1\u202f240 ", "1'240"])
def test_a_number_is_read_as_people_write_it(in_app, typed):
    assert agreeing.missing(plan(), Said(typed_count=typed)) == []


@pytest.mark.parametrize("typed", ["", "1300", "124", "-1240", "1240.0", "all", "١٢٤٠", "1" * 30])
def test_any_other_number_is_refused(in_app, typed):
    (refused,) = agreeing.missing(plan(), Said(typed_count=typed))

    assert refused.field == "typed_count"
    assert (
        refused.for_person
        == "This plan changes 1,240 tickets. Type 1,240 to say that this is what you want."
    )


@pytest.mark.parametrize("operation", ["add_tags", "remove_tags", "undo", "one that was taken out"])
def test_what_does_no_great_harm_is_started_without_a_number(in_app, operation):
    assert agreeing.needed(plan(operation=operation)) == []


def test_all_that_is_missing_is_said_at_once(in_app):
    job = plan(truncated=True, pinned={"cannot": ["A file."]})

    with pytest.raises(NotAgreed, match="only the first 1,300") as refused:
        agreeing.check(job, Said())

    assert fields(refused.value.missing) == ["agreed_to_part", "agreed_without", "typed_count"]


def test_the_number_is_that_of_the_tickets_that_change_now(sandbox, plan_job):
    tickets = [sandbox.add_ticket(tags=[tag]) for tag in "aab"]
    job = plan_job(tickets, operation="set_tags", tags=["b"], **BY_ADMIN)

    with pytest.raises(NotAgreed):
        jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False, typed_count="3")

    assert jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False, typed_count="2")


def test_a_macros_plan_that_nobody_counted_is_started_with_the_number(in_app):
    job = plan(operation="apply_macro", arguments={"macro_id": 1})
    counted = plan(operation="apply_macro", arguments={"macro_id": 1}, reach=WRITES_TO_NOBODY)

    assert fields(agreeing.needed(job)) == ["typed_count"]
    assert agreeing.needed(counted) == []


WRITES_TO_NOBODY = {"replies": 0, "hit": [], "names": {}}
