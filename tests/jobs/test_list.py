"""The list of jobs: filtered, in order, in pages, and brought up to date."""

import re
from html import unescape
from itertools import cycle

import pytest

from app.models import JobStatus, Role
from app.services import accounts
from tests.fixtures.visitor import Page
from tests.jobs.shape import link, put

HOSTILE = '"><script>alert(1)</script><a href="javascript:x'


def titles(visitor, address="/jobs"):
    """The jobs that the page lists, in its order."""
    return [unescape(title) for title in TITLE.findall(visitor.get(address).text)]


TITLE = re.compile(r'data-label="Job"><div><a href="[^"]*">([^<]*)</a>')


def test_the_list_is_filtered_by_status_and_tool(owner, make_job):
    running, failed = make_job([1], title="Runs"), make_job([1], title="Fell over")
    other = make_job([1], title="Other tool", tool_slug="apply-macro-to-view")
    put(running, status="running")
    put(failed, status="failed")
    put(other, status="failed")

    assert set(titles(owner, "/jobs?status=failed")) == {"Fell over", "Other tool"}
    assert titles(owner, "/jobs?status=failed&tool=tag-manager") == ["Fell over"]
    assert len(titles(owner, "/jobs?status=&tool=")) == 3


@pytest.mark.parametrize(
    "query",
    [
        "status=odd",
        "before=x",
        "tool=odd",
        "before=99999999999999999999",
        "status=&tool=",
        "after=-1",
        "after=9999999999999999-1",
        "sort=tickets&after=9999999999999999-1",
        "sort=odd&user=odd",
        "from=9999-12-31&to=9999-12-31",
        "from=0001-01-01",
        "text=%25%5C_%27",
    ],
)
def test_an_odd_address_still_shows_the_list(owner, make_job, query):
    make_job([1])

    assert owner.get(f"/jobs?{query}").status_code == 200


def test_a_text_that_no_database_can_keep_is_refused(owner):
    assert owner.get("/jobs?tool=%00").status_code == 400


def test_a_day_that_is_none_is_left_out_and_told(owner, make_job):
    make_job([1], title="Still here")

    page = owner.get("/jobs?from=2026-02-31&to=soon")

    assert "“2026-02-31” is no day" in page.text
    assert "“soon” is no day" in page.text
    assert "Still here" in page.text


def test_the_last_day_before_the_first_is_told(owner, make_job):
    make_job([1])

    page = owner.get("/jobs?from=2026-11-03&to=2026-11-02")

    assert "The last day is before the first" in page.text


def test_days_are_whole_and_in_utc(owner, make_many):
    make_many(49)  # from midnight of the 1st to midnight of the 3rd

    second = titles(owner, "/jobs?from=2026-11-02&to=2026-11-02&sort=oldest")
    third = titles(owner, "/jobs?from=2026-11-03")

    assert (second[0], second[-1], len(second)) == ("Job 24", "Job 47", 24)
    assert third == ["Job 48"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("VIP", ["Add vip to some"]),
        ("some add", ["Add vip to some"]),
        ("second line", ["Add refund to others"]),
        ("100%", ["Give 100% back"]),
        ("0%b", []),
        ("100_", []),
        ("\\", ["Back\\slash"]),
        ("'; drop", []),
        ("nothing", []),
    ],
)
def test_words_are_looked_for_in_title_and_reason(owner, make_job, text, found):
    make_job([1], title="Add vip to some")
    make_job([1], title="Add refund to others", reason="As the second line asked")
    make_job([1], title="Give 100% back")
    make_job([1], title="Back\\slash")

    page = owner.get("/jobs", query_string={"text": text})

    assert [unescape(one) for one in TITLE.findall(page.text)] == found


def test_a_job_is_found_by_its_id_its_start_or_its_address(owner, make_job):
    job = make_job([1], title="This one")
    make_job([1], title="Another")

    for text in (
        job.job_id,
        job.job_id[:8],
        job.job_id[:13].upper(),
        f"http://x/jobs/{job.job_id}#t",
    ):
        page = owner.get("/jobs", query_string={"text": text})
        assert TITLE.findall(page.text) == ["This one"], text


def test_states_are_tabs_with_counts_that_keep_the_other_filters(owner, make_job):
    for number, status in enumerate(["completed", "completed", "failed", "running"]):
        job = make_job([1], title=f"Add vip {number}")
        put(job, status=status)
    put(make_job([1], title="Something else"), status="failed")

    page = owner.get("/jobs?text=vip&status=failed").text

    assert tabs(page) == {"All": 4, "Running": 1, "Completed": 2, "Failed": 1}
    assert 'href="/jobs?text=vip&amp;status=completed"' in page
    assert re.search(r'id="tab-failed"[^>]*aria-current="true"', page)


def tabs(text):
    shown = re.findall(r'class="state-tab"[^>]*>([^<]*) <span class="state-count">([\d,]+)', text)
    return {words: int(number.replace(",", "")) for words, number in shown}


def test_a_state_without_jobs_has_a_tab_while_it_is_looked_at(owner, make_job):
    make_job([1])

    assert tabs(owner.get("/jobs?status=paused").text) == {
        "All": 1,
        "Waiting to start": 1,
        "Paused": 0,
    }


def test_every_state_can_be_looked_at(owner, make_job):
    for status in JobStatus:
        put(make_job([1], title=f"It is {status}"), status=status)

    for status in JobStatus:
        assert titles(owner, f"/jobs?status={status}") == [f"It is {status}"]


@pytest.mark.parametrize(
    "query", ["", "?sort=oldest", "?sort=tickets", "?text=job&status=completed"]
)
def test_paging_there_and_back_shows_each_job_once(owner, query, make_many):
    sizes = cycle([7, 50_000, 7, 120])
    jobs = make_many(60)
    for job in jobs:
        put(job, total_items=next(sizes))

    there = walk(owner, f"/jobs{query}", "next")
    back = walk(owner, there[-1][0], "prev")

    wanted = sorted(jobs, key=lambda job: (job.created_at, job.id), reverse=True)
    if "oldest" in query:
        wanted.reverse()
    if "tickets" in query:
        wanted.sort(key=lambda job: (job.total_items, job.id), reverse=True)
    assert [title for _, page in there for title in page] == [job.title for job in wanted]
    assert [page for _, page in back] == [page for _, page in there[::-1]]


def walk(visitor, address, rel):
    """Follow the links to the end: each page's address and job titles."""
    pages = []
    while address:
        text = visitor.get(address).text
        pages.append((address, TITLE.findall(text)))
        address = link(text, rel)
    return pages


def test_a_page_stays_where_it_is_when_the_job_before_it_is_deleted(owner, no_csrf, make_many):
    jobs = make_many(60)
    second = link(owner.get("/jobs").text, "next")
    shown = titles(owner, second)

    last_of_first_page = jobs[-25]
    assert owner.open(f"/jobs/{last_of_first_page.job_id}/delete", "POST").status_code == 302

    assert titles(owner, second) == shown


def test_an_admin_filters_by_person_and_nobody_else_can(sign_in, owner, make_job):
    make_job([1], title="Of the agent")
    make_job([1], title="Of the other", email="other@giga.test")
    other = accounts.by_email("other@giga.test").id
    admin = sign_in("admin@giga.test", Role.ADMIN)

    assert titles(admin, f"/jobs?user={other}") == ["Of the other"]
    assert titles(owner, f"/jobs?user={other}") == ["Of the agent"]
    assert "Started by" in admin.get("/jobs").text
    assert "Started by" not in owner.get("/jobs").text


def test_hostile_text_is_shown_as_text(owner, make_job):
    make_job([1], title=HOSTILE, reason=HOSTILE)

    page = owner.get("/jobs", query_string={"text": HOSTILE, "from": HOSTILE}).text

    assert "<script>alert" not in page
    assert titles(owner) == [HOSTILE]


def test_what_somebody_watches_is_brought_up_to_date_in_its_place(owner, make_job):
    runs, done = make_job([1], title="Runs"), make_job([1], title="Done")
    put(runs, status="running", to_do=4, planned_count=2, total_items=1234)
    put(done, status="completed")

    page = owner.get("/jobs?text=s").text
    address = re.search(r'id="jobs-now" hx-get="([^"]*)" hx-trigger="every 3s"', page)[1]
    put(runs, status="completed")
    news = owner.get(unescape(address)).text

    assert runs.job_id in address
    assert done.job_id not in address
    assert f'id="state-{runs.job_id}" hx-swap-oob="true"' in news
    assert "1,234" in news
    assert 'id="job-states" aria-label="Jobs by state" hx-swap-oob="true"' in news
    assert "every 3s" not in news, "nothing is left to watch"


def test_nobody_watches_another_persons_jobs(sign_in, make_job):
    job = make_job([1], title="Secret")
    curious = sign_in("curious@giga.test")

    news = curious.get(f"/jobs/now?job={job.job_id}&job=odd").text

    assert job.job_id not in news
    assert "Secret" not in news


def test_a_list_at_rest_asks_for_nothing(owner, make_job):
    put(make_job([1]), status="paused")

    assert "every 3s" not in owner.get("/jobs").text


def test_all_of_a_page_can_be_ticked_without_javascript(owner, make_many):
    make_many(30)
    page = owner.get("/jobs?sort=oldest").text
    address = unescape(re.search(r'<noscript><a href="([^"]*)"', page)[1])

    assert page.count(" checked") == 0
    assert owner.get(address.partition("#")[0]).text.count(" checked") == 25
    assert Page(page).fields["back"] == "sort=oldest"


@pytest.fixture
def no_csrf(app):
    app.config["WTF_CSRF_ENABLED"] = False
