"""What a worker does as it starts."""

import gc

import pytest
from celery.signals import worker_before_create_process


@pytest.fixture
def thawed():
    """Nothing is kept from the garbage collection, before the test and after it."""
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("app", "thawed")
def test_children_leave_alone_what_their_parent_has_loaded():
    worker_before_create_process.send(sender=None)

    left = len(gc.get_objects())  # of which what is frozen is none
    assert left < 0.1 * gc.get_freeze_count()
