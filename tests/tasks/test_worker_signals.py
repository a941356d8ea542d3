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
    gc.collect()  # what is garbage now is not what it has loaded
    loaded = len(gc.get_objects())

    worker_before_create_process.send(sender=None)

    assert gc.get_freeze_count() > 0.9 * loaded
