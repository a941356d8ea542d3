"""The stages that there are, by name, and which of them a run of each kind goes through, in order."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

from app.models import RunKind
from app.services.insights.stage import Progress, Stage, StageRun

OF_KIND: dict[RunKind, tuple[str, ...]] = {
    RunKind.SYNC: ("sync",),
    RunKind.ANALYZE: ("analyse",),
    RunKind.PIPELINE: ("sync", "analyse", "cluster", "trends"),
    RunKind.TRENDS: ("trends",),
    RunKind.REPORT: ("report",),
    RunKind.CLEANUP: ("cleanup",),
    RunKind.HEALTH: ("health",),
}
# Where each stage is: a function of its own name. It is imported when it is first run, since not every process needs
# what it needs.
_MODULES = {
    "sync": "syncing",
    "analyse": "analysing",
    "cluster": "issues",
    "trends": "trends",
    "report": "reporting",
    "cleanup": "cleaning",
    "health": "watching",
}


def _there() -> Iterable[tuple[str, Stage]]:
    for name, module in _MODULES.items():
        path = f"{__package__}.{module}"
        if find_spec(path) is not None:
            yield name, _imported_late(path, name)


def _imported_late(path: str, name: str) -> Stage:
    def stage(run: StageRun, until: float) -> Progress:
        return getattr(import_module(path), name)(run, until)

    return stage


STAGES: dict[str, Stage] = dict(_there())


def of(kind: RunKind, only: Iterable[str] = ()) -> list[str]:
    """The stages of a run of this kind, as far as they are there; only those that are named, if any are."""
    wanted = set(only) or set(OF_KIND[kind])
    return [name for name in OF_KIND[kind] if name in STAGES and name in wanted]
