"""Which analyser is used. It is imported when it is needed: not every process needs what it needs."""

from app.services.insights.analysers.analyser import Analyser


def chosen(run_number: int) -> Analyser:
    """`run_number` is the run that its calls are paid for by."""
    from app.services.insights.analysers.local.analyser import LocalAnalyser

    return LocalAnalyser()
