"""Pages that watch, against a small server of our own, and what is told of them."""

import threading
import time
from collections import Counter
from dataclasses import replace

import pytest
from werkzeug import Request, Response

from bench import web_report
from bench.watchers import OVER, Audience, Head, Told, watching
from bench.web_report import Watch
from tests.bench.test_jobs_report import RUN
from tests.fixtures import tls


@pytest.fixture
def server():
    """Answers /status with an ETag, and /progress as for a job that is over; the rest is refused."""

    @Request.application
    def app(request):
        seen.append(
            (request.path, request.headers.get("Cookie"), request.headers.get("HX-Request"))
        )
        if request.path == "/status":
            answer = Response("{}" * 5000, headers={"ETag": '"same"'})
            return answer.make_conditional(request)
        return Response("over", OVER) if request.path == "/progress" else Response("", 500)

    seen = []
    made = tls.server(app)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}", seen
    made.shutdown()
    thread.join()
    made.server_close()


def watch(url, *audiences, until):
    with watching(url, "session=here", list(audiences)) as watched:
        end = time.monotonic() + 60
        while not until() and time.monotonic() < end:
            time.sleep(0.02)
    return watched


def test_every_page_asks_again_with_the_etag_and_the_cookie(server):
    url, seen = server

    watched = watch(url, Audience("/status", 3), until=lambda: len(seen) >= 7)

    told = watched.told["/status"]
    assert told.statuses[200] == 3
    assert told.statuses[304] >= 3
    assert len(told.times) == told.statuses.total()
    assert {cookie for _, cookie, _ in seen} == {"session=here"}
    assert told.failed == 0


def test_a_page_that_is_told_that_it_is_over_asks_no_more(server):
    url, seen = server

    watched = watch(
        url,
        Audience("/progress", 2),
        Audience("/broken", 1),
        until=lambda: [path for path, _, _ in seen].count("/broken") >= 3,
    )

    assert watched.told["/progress"].statuses == {OVER: 2}
    assert watched.told["/broken"].failed >= 2


def test_reads_the_head_of_an_answer():
    head = Head.of(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nETAG: "a:b"\r\n\r\n')

    assert head == Head(200, 12, '"a:b"')


def test_the_median_and_the_slowest_hundredth():
    told = Told([float(number) for number in range(1, 201)])

    assert (told.share(0.5), told.share(0.99)) == (101.0, 199.0)
    assert Told().share(0.5) == 0.0


def seen_by(words, median, wall):
    told = {"status": Told([median] * 99 + [median * 4], Counter({200: 100}))}
    return Watch(words, _took(wall), told)


def _took(wall):
    return replace(RUN, planning=wall / 10, writing=wall * 0.9)


@pytest.mark.parametrize(
    ("median", "wall", "verdicts"),
    [
        (10.0, 104.0, ["met", "met", "met", "met"]),
        (21.0, 104.0, ["**not met**", "met", "met", "met"]),
        (26.0, 104.0, ["**not met**", "**not met**", "met", "met"]),
        (10.0, 106.0, ["met", "met", "**not met**", "met"]),
    ],
)
def test_says_which_goal_is_met(median, wall, verdicts):
    watches = [Watch("nobody", _took(100.0)), seen_by("200 programs", median, wall)]

    told = web_report.goals(watches)

    assert [goal.line.rpartition(", ")[2] for goal in told] == verdicts


def test_tells_its_figures():
    watches = [Watch("nobody", _took(100.0)), seen_by("200 programs", 10.0, 104.0)]

    told = web_report.report("postgresql", 200, watches)

    assert told.startswith("## Watching pages, on PostgreSQL\n")
    assert "| nobody |  |  |  |  |  |  | 100.0 s |  |" in told
    assert "| 200 programs | 10.0 | 40.0 |  |  | 100 | 0 | 104.0 s | +4.0% |" in told
