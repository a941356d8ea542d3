"""The measurement of the sync runs through, with few tickets."""

import sys

import pytest

from bench import insights_sync


@pytest.mark.long
def test_measures_both_databases(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["insights_sync", "--tickets", "1500", "--characters", "100"])

    insights_sync.main()

    said = capsys.readouterr().out
    for name in ("sqlite", "postgresql"):
        for what in ("all new", "all as before", "all changed"):
            assert f"| {name} | {what} | 1,500 | 2 |" in said
