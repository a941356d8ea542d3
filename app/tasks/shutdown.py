"""Stopping a worker without cutting its work: slices look here between batches."""

import multiprocessing

# Made before the pool forks, so that the parent, which gets the signal, can tell its children.
_asked = multiprocessing.get_context("fork").Event()


def ask() -> None:
    _asked.set()


def is_asked() -> bool:
    return _asked.is_set()
