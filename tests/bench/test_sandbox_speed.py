"""The measurement of the sandbox runs through, with few tickets."""

import sys

import pytest

from bench import sandbox_speed


@pytest.mark.long
def test_measures_reading_changing_and_memory(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["sandbox_speed", "--tickets", "500"])

    sandbox_speed.main()

    said = capsys.readouterr().out
    assert "tickets with the tag: 500 of 500" in said
    assert "peak memory: " in said
