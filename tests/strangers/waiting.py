"""Waiting for what another program does."""

import time


def until(look, patience=30.0):
    """The first thing that is found by looking."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError("it never happened")
