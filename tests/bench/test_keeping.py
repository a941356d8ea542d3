"""Which figures may be kept."""

import sys

import pytest

from bench import jobs, web


@pytest.mark.parametrize("bench", [jobs, web])
def test_figures_of_too_fast_a_sandbox_are_not_kept(bench, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["bench", "--speed", "6", "--write"])

    with pytest.raises(SystemExit, match="a speed of 5 at most"):
        bench.main()
