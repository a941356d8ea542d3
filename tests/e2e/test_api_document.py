"""What docs/api.md shows: pasted into a shell, against all of Giga Tools."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app import create_app
from app.config import Config
from app.database import writing
from app.extensions import db
from app.models import Scope
from app.services import accounts, api_tokens
from tests.fixtures.missing import missing

pytestmark = pytest.mark.xdist_group("stack")

DOCUMENT = Path(__file__).parents[2] / "docs/api.md"
TAG = "api-walk"


@pytest.fixture
def token(stack):
    app = create_app(Config(SQLALCHEMY_DATABASE_URI=stack.database_url))
    with app.app_context():
        with writing():
            owner = accounts.by_email(stack.agent.email)
            secret = api_tokens.create(owner, "The document's", Scope.WRITE, 7)
            db.session.commit()
        db.engine.dispose()
    return secret


def test_the_life_of_a_job_goes_as_the_document_says(stack, zendesk, token):
    for program in ("bash", "curl"):
        if not shutil.which(program):
            missing(program)
    script = "".join(re.findall(r"^```sh\n(.*?)^```", DOCUMENT.read_text(), re.M | re.S))
    env = {"PATH": os.environ["PATH"], "GIGA": stack.url, "TOKEN": token, "NO_PROXY": "*"}

    said = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], env=env, text=True, capture_output=True
    )

    assert said.returncode == 0, said.stdout + said.stderr
    told = said.stdout.splitlines()
    changed = [line for line in told if re.fullmatch(r"\d+ changed", line)]
    tag = zendesk.summary(TAG)
    assert [line for line in told if line == "planned"] == ["planned", "planned"]
    assert len(changed) == len(set(changed)) == 10
    assert tag["effective_events"] == {"1": 10}, "each of ten tickets was really given it, once"
    assert tag["with_tag"] == 0, "and all were changed back"
    assert told[-3:] == ["4 tickets", "4 tickets", "2 tickets"]
