"""Static files are light, and are asked for once."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "app" / "static"
FOR_EVER = "public, max-age=31536000, immutable"


def addresses(visitor):
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', visitor.get("/login").text)


def fetch(visitor, path, **headers):
    return visitor.open(path, headers={"Accept-Encoding": "gzip"} | headers)


def test_what_a_page_needs_is_kept_by_browsers_for_a_year(visitor):
    answers = [fetch(visitor, address) for address in addresses(visitor)]

    assert len(answers) >= 5
    assert {answer.headers["Cache-Control"] for answer in answers} == {FOR_EVER}


def test_a_file_that_changes_has_another_address(app, visitor, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    before = {}
    for text in ("a", "b"):
        (tmp_path / "app.css").write_text(text * 10)
        before[text] = next(one for one in addresses(visitor) if "app.css" in one)

    assert before["a"] != before["b"]
    assert fetch(visitor, before["b"]).headers["Cache-Control"] == FOR_EVER
    assert fetch(visitor, before["a"]).headers["Cache-Control"] == "no-cache"


def test_a_browser_gets_it_compressed_and_whole(visitor):
    answer = fetch(visitor, "/static/app.css")

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.mimetype == "text/css"
    assert gzip.decompress(answer.data) == (STATIC / "app.css").read_bytes()
    assert len(answer.data) < (STATIC / "app.css").stat().st_size / 2


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0"])
def test_who_cannot_read_it_compressed_gets_it_as_it_is(visitor, accepted):
    answer = visitor.open("/static/app.css", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "app.css").read_bytes()


def test_what_somebody_has_already_is_not_sent_again(visitor):
    tag = fetch(visitor, "/static/app.css").headers["ETag"]

    assert fetch(visitor, "/static/app.css", **{"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path", ["nothing.css", "../app.css", "..%2fconfig.py", "vendor", "vendor/"]
)
def test_there_is_nothing_but_the_files(visitor, path):
    assert visitor.open(f"/static/{path}").status_code == 404


def test_pages_are_not_compressed_since_they_hold_tokens(visitor):
    assert "Content-Encoding" not in fetch(visitor, "/login").headers


def test_a_name_that_is_too_long_for_a_file_is_that_of_none(visitor):
    assert fetch(visitor, f"/static/{'a' * 300}.css").status_code == 404


def test_the_page_for_a_missing_file_is_kept_nowhere(agent):
    missing = agent.open("/static/not-there.css")

    assert "agent@giga.test" in missing.text
    assert missing.headers["Cache-Control"] == "no-store"
