"""What goes through the broker, where anybody with Flower can read it: ids alone, as JSON alone."""

import inspect

import pytest
from kombu.exceptions import ContentDisallowed


@pytest.fixture
def celery(app):
    return app.extensions["celery"]


def test_tasks_are_told_ids_and_nothing_else(celery):
    ours = {name: task for name, task in celery.tasks.items() if name.startswith("app.")}

    for name, task in ours.items():
        for parameter in inspect.signature(task.run).parameters.values():
            assert parameter.name.endswith("_id"), name
            assert parameter.annotation in (int, str), name
    assert len(ours) >= 5


def test_what_is_no_json_is_never_unpacked(celery):
    celery.send_task("app.tasks.upkeep.upkeep", queue="upkeep", serializer="pickle")

    with celery.connection_for_read() as connection:
        consumer = celery.amqp.TaskConsumer(connection, queues=[celery.amqp.queues["upkeep"]])
        refused = []
        consumer.on_decode_error = lambda message, error: refused.append((message, error))
        with consumer:
            connection.drain_events(timeout=5)

    (message, error), *_ = refused
    assert message.content_type == "application/x-python-serialize"
    assert isinstance(error, ContentDisallowed)
    message.ack()


def test_results_are_json_too(celery):
    assert celery.conf.result_serializer == celery.conf.task_serializer == "json"
    assert celery.conf.result_accept_content is None  # the same as for messages
