"""What the app does, in plain functions that know neither requests nor Celery."""
