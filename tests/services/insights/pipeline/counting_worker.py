"""A real worker whose stage “sync” counts, slowly, and whose lease is short: `celery -A tests.services.insights…`."""

from datetime import timedelta

from app import create_app
from app.services import leasing
from app.services.insights import stages
from tests.services.insights.pipeline.counting import Counting

TO = 40
leasing.LEASE, leasing.HEARTBEAT_SECONDS = timedelta(seconds=1), 0.2
stages.STAGES["sync"] = Counting("sync", to=TO, pause=0.05)
app = create_app().extensions["celery"]
