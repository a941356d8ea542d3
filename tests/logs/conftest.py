"""Reading what was logged, line by line."""

import json
import logging

import pytest

from app import logs


@pytest.fixture
def lines(capsys):
    """What was logged since the last look, as production writes it."""
    logs.set_up(as_json=True)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logs.set_up(as_json=False)
    logging.captureWarnings(False)
