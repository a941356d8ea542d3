"""The list of jobs: filtered, and in pages."""

import pytest

from tests.jobs.shape import link, put


def test_the_list_is_filtered_by_status_and_tool(owner, make_job):
    running, failed = make_job([1], title="Runs"), make_job([1], title="Fell over")
    other = make_job([1], title="Other tool", tool_slug="other")
    put(running, status="running")
    put(failed, status="failed")
    put(other, status="failed")

    failures = owner.get("/jobs?status=failed").text
    both = owner.get("/jobs?status=failed&tool=tag-manager").text

    assert ("Runs" in failures, "Fell over" in failures, "Other tool" in failures) == (0, 1, 1)
    assert ("Fell over" in both, "Other tool" in both) == (1, 0)


@pytest.mark.parametrize(
    "query",
    [
        "status=odd",
        "before=x",
        "tool=odd",
        "before=99999999999999999999",
        "status=&tool=",
        "after=-1",
    ],
)
def test_an_odd_address_still_shows_the_list(owner, query):
    assert owner.get(f"/jobs?{query}").status_code == 200


def test_a_text_that_no_database_can_keep_is_refused(owner):
    assert owner.get("/jobs?tool=%00").status_code == 400


def test_paging_there_and_back_shows_each_job_once(owner, make_job):
    titles = [f"Job {i:02}" for i in range(60)]
    for title in titles:
        make_job([1], title=title)

    there = walk(owner, "/jobs", "next")
    back = walk(owner, there[-1][0], "prev")

    assert [title for _, page in there for title in page] == titles[::-1]
    assert [page for _, page in back] == [page for _, page in there[::-1]]


def walk(visitor, address, rel):
    """Follow the links to the end: each page's address and job titles."""
    pages = []
    while address:
        text = visitor.get(address).text
        pages.append((address, titles_in(text)))
        address = link(text, rel)
    return pages


def titles_in(text):
    return [part.split("<")[0] for part in text.split('">')[1:] if part.startswith("Job ")][
        0 : text.count('data-label="Job"')
    ]
