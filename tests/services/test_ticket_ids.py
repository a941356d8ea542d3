"""Ticket ids out of what people paste, and out of the files that they have."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.ticket_ids import FileRefused, column_of_ids, parse_ids

ids = st.integers(1, 10**18 - 1)


@given(wanted=st.lists(ids, unique=True), between=st.sampled_from([" ", ",", "\n", "; ", "\r\n"]))
def test_ids_are_read_in_their_order_however_they_are_separated(wanted, between):
    assert parse_ids(between.join(map(str, wanted))).ids == wanted


def test_an_id_that_is_given_twice_counts_once():
    assert parse_ids("7, 8, 7").ids == [7, 8]


@pytest.mark.parametrize(
    "written",
    [
        "#35436",
        "https://acme.zendesk.com/agent/tickets/35436",
        "https://acme.zendesk.com/agent/#/tickets/35436",
        "https://acme.zendesk.com/tickets/35436/",
        "https://help.acme.test/hc/en-us/requests/35436",
    ],
)
def test_an_id_may_be_written_as_zendesk_and_browsers_write_it(written):
    found = parse_ids(written)

    assert (found.ids, found.bad) == ([35436], {})


@pytest.mark.parametrize("wrong", ["abc", "0", "-5", "1.5", "12a", "9" * 19, "٣", "=1+1"])
def test_what_is_no_id_is_named_by_its_line(wrong):
    found = parse_ids(f"1\n\n{wrong} 2\n3")

    assert (found.ids, found.bad) == ([1, 2, 3], {3: wrong})


@given(st.text())
def test_no_text_is_too_strange(text):
    found = parse_ids(text)

    assert all(0 < one < 10**18 for one in found.ids)


def lines(text, column="", encoding="utf-8"):
    return column_of_ids(text.encode(encoding), column).split("\n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["Ticket ID", "id", "TICKET_ID", " Id "])
def test_the_column_is_known_by_its_usual_names(delimiter, name):
    rows = [["Subject", name], ["Hello", "7"], ["Bye", "8"]]
    text = "\n".join(delimiter.join(row) for row in rows)

    assert lines(text) == ["", "7", "8"]


def test_the_column_can_be_named():
    assert lines("Case,Ref\na,7\nb,8", column="ref") == ["", "7", "8"]


def test_a_file_of_one_column_needs_no_name():
    assert lines("7\n8\n") == ["7", "8"]
    assert lines("Anything\n7\n8\n") == ["", "7", "8"]


def test_cells_with_commas_quotes_and_line_ends_keep_the_rows_apart():
    assert lines('ID,Subject\n7,"a, ""b""\nc"\n8,d\n') == ["", "7", "8"]


def test_short_rows_have_no_id():
    assert lines("Subject,ID\na,7\nb\nc,8") == ["", "7", "", "8"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_files_are_read_as_spreadsheets_save_them(encoding):
    assert lines("Betreff,ID\nÜberfällig,7", encoding=encoding) == ["", "7"]


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", "", "The file is empty."),
        ("\n\n , \n", "", "The file is empty."),
        ("Case,Ref\na,7", "", "Its columns are “Case”, “Ref”."),
        ("Case,Ref\na,7", "Nr", "has no column “Nr”"),
        ("Case,Ref\na," + "7" * 200_000, "", "no CSV file"),
    ],
)
def test_a_file_without_such_a_column_is_refused_in_words(text, column, words):
    with pytest.raises(FileRefused, match=words):
        lines(text, column)


@given(st.binary())
def test_no_file_is_too_strange(content):
    with suppress(FileRefused):
        assert isinstance(column_of_ids(content), str)
