"""Stopping a worker without cutting its work: slices look here between batches."""

import multiprocessing

# Made before the pool forks, so that the parent, which gets the signal, can tell its children. A bare
# value and no Event: a child that is killed while it looks would leave an Event's lock taken for all.
_asked = multiprocessing.get_context("fork").RawValue("b", 0)


def ask() -> None:
    _asked.value = 1


def is_asked() -> bool:
    return bool(_asked.value)
