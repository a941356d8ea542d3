"""Long lists, page by page."""

import pytest

from app.models import Role
from app.services import accounts
from app.services.macro_library import copying
from tests.api.test_problems import problem
from tests.fixtures.running_jobs import permit
from tests.jobs.shape import many


def pages(program, path, name, **query):
    """All pages of a list, each as its rows."""
    found, cursor = [], None
    while True:
        asked = query | ({"cursor": cursor} if cursor else {})
        told = program.get(path, query_string=asked).json
        found.append(told[name])
        cursor = told["next_cursor"]
        if cursor is None:
            return found


def test_jobs_are_listed_newest_first_each_once(in_app, program):
    many(accounts.by_email("agent@giga.test"), 5)

    found = pages(program, "/jobs", "jobs", limit=2)

    titles = [job["title"] for page in found for job in page]
    assert titles == [f"Job 0{number}" for number in (4, 3, 2, 1, 0)]
    assert [len(page) for page in found] == [2, 2, 1]


def test_jobs_are_found_by_status_and_tool(in_app, program, make_job):
    many(accounts.by_email("agent@giga.test"), 2)
    job_id = make_job([1]).job_id

    def found(**asked):
        return [one["job_id"] for one in program.get("/jobs", query_string=asked).json["jobs"]]

    assert found(status="pending") == [job_id]
    assert len(found(status="completed")) == 2
    assert found(tool="apply-macro-to-view") == []
    assert job_id in found(tool="tag-manager")


def test_tickets_are_listed_in_the_order_of_the_selection(sandbox, program, run_job):
    tickets = [sandbox.add_ticket() for _ in range(5)]
    address = f"/jobs/{run_job(tickets=[*tickets, 999_999]).job_id}/tickets"

    found = pages(program, address, "tickets", limit=2)
    some = pages(program, address, "tickets", limit=2, outcome=["changed"])

    rows = [row for page in found for row in page]
    assert [row["ticket_id"] for row in rows] == [*tickets, 999_999]
    assert list(rows[0]) == [
        *("ticket_id", "outcome", "reason", "detail", "before", "after", "updated_at"),
    ]
    assert (rows[-1]["outcome"], rows[-1]["reason"]) == ("skipped", "not_found")
    assert [len(page) for page in some] == [2, 2, 1]


def test_several_results_are_asked_for_at_once(sandbox, program, run_job):
    job = run_job(tickets=[sandbox.add_ticket(), 999_999])
    asked = {"outcome": ["changed", "skipped"]}

    told = program.get(f"/jobs/{job.job_id}/tickets", query_string=asked).json

    assert [row["outcome"] for row in told["tickets"]] == ["changed", "skipped"]


def test_macros_are_found_by_their_words(in_app, sandbox, program):
    for title in ("Refund::Small", "Refund::Large", "Greeting"):
        sandbox.add_macro(title, [["status", "solved"]])
    copying.renew()

    found = pages(program, "/macros", "macros", q="refund", limit=1)
    names = [macro["title"] for page in found for macro in page]

    assert {"Refund::Small", "Refund::Large"} <= set(names)
    assert "Greeting" not in names
    assert len(names) == len(set(names))


def test_macros_that_are_not_copied_yet_are_waited_for(program):
    answer = program.get("/macros")

    assert "not been copied" in problem(answer, 503)["detail"]
    assert "ask again after Retry-After seconds" in problem(answer, 503)["detail"]
    assert answer.headers["Retry-After"] == "10"


def test_why_the_macros_could_not_be_copied_is_told(in_app, sandbox, program):
    sandbox.change_settings(down=True)
    copying.renew()

    answer = program.get("/macros")

    assert "could not be copied from Zendesk: " in problem(answer, 503)["detail"]
    assert answer.headers["Retry-After"] == "120"


def test_views_are_listed(sandbox, program):
    view = sandbox.add_view("Late parcels", lambda ticket: True)

    told = program.get("/views").json

    assert {"id": view, "title": "Late parcels"} in told["views"]
    assert told["next_cursor"] is None


@pytest.mark.parametrize("path", ["/jobs", "/jobs/{}/tickets"])
@pytest.mark.parametrize("cursor", ["abc", "____", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "a b"])
def test_a_cursor_that_no_list_has_given_out_is_refused(program, make_job, path, cursor):
    address = path.format(make_job([1]).job_id)

    told = problem(program.get(address, query_string={"cursor": cursor}), 422)

    assert told["errors"][0]["field"] == "cursor"


def test_a_cursor_whose_macro_is_gone_does_not_begin_again_in_silence(in_app, sandbox, program):
    copying.renew()

    told = problem(program.get("/macros", query_string={"cursor": "MTIz"}), 422)

    assert told["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize(
    ("path", "asked", "field"),
    [
        ("/jobs", {"limit": 0}, "limit"),
        ("/jobs", {"limit": 101}, "limit"),
        ("/jobs", {"limit": "many"}, "limit"),
        ("/jobs", {"status": "odd"}, "status"),
        ("/jobs", {"status": ["pending", "planned"]}, "status"),
        ("/jobs", {"tool": "none"}, "tool"),
        ("/jobs", {"tool": "A B"}, "tool"),
        ("/jobs", {"odd": 1}, "odd"),
        ("/macros", {"q": "x" * 201}, "q"),
    ],
)
def test_what_is_asked_wrongly_is_named(program, path, asked, field):
    told = problem(program.get(path, query_string=asked), 422)

    assert told["errors"][0]["field"] == field


def test_looking_at_all_pages_reads_no_selection(program_of, make_job, statements):
    make_job([1])
    admin = program_of("admin@giga.test", Role.ADMIN)

    said = statements(lambda: admin.get("/jobs"))

    assert any("jobs.title" in statement for statement in said)
    assert not [statement for statement in said if "selection" in statement]


def test_views_that_the_person_may_not_choose_are_not_listed(in_app, program):
    first, *_ = program.get("/views").json["views"]
    permit("user", "tag-manager", view_ids=frozenset({first["id"]}))

    assert program.get("/views").json["views"] == [first]
