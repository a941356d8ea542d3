"""Entry point of Celery: `celery -A celery_app worker`, `… beat`, `… flower`."""

from app import create_app

flask_app = create_app()
app = flask_app.extensions["celery"]
