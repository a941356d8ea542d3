"""The app as a whole."""

import gc
import weakref

from app import create_app
from app.config import Config


def test_an_app_that_is_not_used_any_more_is_let_go():
    """Tests make thousands in one process: each that stays costs memory, and every collection of garbage time."""
    gone = weakref.ref(create_app(Config(SECRET_KEY="made for one test")))
    create_app(Config(SECRET_KEY="made for one test"))  # Celery keeps the latest, as its default

    gc.collect()

    assert gone() is None


def test_without_javascript_the_colours_of_the_light_theme_hold(visitor):
    assert '<html lang="en" data-bs-theme="light">' in visitor.get("/login").text
