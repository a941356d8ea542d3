"""Which analyser an admin has chosen. Each is imported when it is needed: not every process needs what it needs."""

from app.services import settings
from app.services.insights.analysers.analyser import Analyser


def chosen(run_number: int) -> Analyser:
    """`run_number` is the run that its calls are paid for by."""
    if settings.value("analyse_with_claude"):
        from app.services.insights.analysers.claude.analyser import ClaudeAnalyser

        return ClaudeAnalyser(run_number)
    from app.services.insights.analysers.local.analyser import LocalAnalyser

    return LocalAnalyser()
