"""The measurement of the rate budget runs, and nobody was refused. How fast it was is not for a test to say."""

from bench import results, zendesk


def test_four_processes_share_the_budget_and_are_never_refused():
    share = zendesk.measure_share(speed=60, minutes=3, others=60)

    assert share.refused_us == share.refused_others == 0
    assert 0 < share.ours <= zendesk.LIMIT * (1 - zendesk.RESERVE) * 1.1
    assert share.others > 0


def test_tells_its_figures(monkeypatch, tmp_path):
    kept = tmp_path / "RESULTS.md"
    kept.write_text("# Results\n\n## Something else\n\nKept.\n\n## The rate budget\n\nOld.\n")
    monkeypatch.setattr(results, "RESULTS", kept)
    cost = zendesk.Cost(bare=1000.0, ours=1200.0, without_budget=1010.0)
    shares = [zendesk.Share(5.0, 480.0, 0.0, 0, 0)]

    results.keep(zendesk.report(1.0, shares, cost))

    text = kept.read_text()
    assert "| 0 | 490 | 480 | 98.0% | 0 | 0 | 5.0 |" in text
    assert "1.20 times" in text
    assert "Kept." in text
    assert "Old." not in text
