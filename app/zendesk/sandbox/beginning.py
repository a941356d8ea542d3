"""When the clock begins and with which tickets, as first decided for a file."""

from datetime import UTC, datetime

from .clock import SECOND, from_iso
from .settings import SHAPE, Settings
from .storage import Storage


def check_file(settings: Settings, path: str) -> None:
    """ValueError if the file was made with other tickets than these settings ask for."""
    storage = Storage(path)
    try:
        history_end_of(storage, settings)
    finally:
        storage.close()


def history_end_of(storage: Storage, settings: Settings) -> int:
    """When the tickets' history ends and the clock begins, as first decided for this file."""
    shape = {name: getattr(settings, name) for name in SHAPE}
    kept = storage.fact("shape")
    if kept is None:
        start = settings.starts_at
        history_end = from_iso(start) if start else int(datetime.now(UTC).timestamp()) * SECOND
        storage.set_fact("shape", shape | {"history_end": history_end})
        return history_end
    different = [name for name in SHAPE if kept[name] != shape[name]]
    if different:
        storage.close()
        raise ValueError(
            "The sandbox's file was made with other values of "
            + ", ".join(f"{name} ({kept[name]}, not {shape[name]})" for name in different)
            + ". Start with those, or with another file."
        )
    return kept["history_end"]
