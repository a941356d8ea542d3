"""What programs may do, with a personal access token: /api/v1 and /api/tasks. Their document is made of the code."""

from flask import Blueprint, Flask

from app.extensions import csrf
from app.forms import orders

PREFIX = "/api/v1"
TASKS_PREFIX = "/api/tasks"

bp = Blueprint("api", __name__, url_prefix=PREFIX)
docs_bp = Blueprint("api_docs", __name__, url_prefix=PREFIX)
# What drives the pipeline. Admins' pages ask here too, with their session.
tasks_bp = Blueprint("api_tasks", __name__, url_prefix=TASKS_PREFIX)

from app.api import actions, docs, document, jobs, library, problems, tasks  # noqa: E402

__all__ = ["actions", "bp", "docs", "docs_bp", "document", "init_app", "jobs", "library", "tasks"]

# No cookie signs a program in, so no page of another site can make a browser ask for something here.
csrf.exempt(bp)
# Where a session will do, the endpoint itself asks for the form's token.
csrf.exempt(tasks_bp)


def init_app(app: Flask) -> None:
    """After the tools, since what they can be told is a part of the document."""
    app.register_blueprint(bp)
    app.register_blueprint(docs_bp)
    app.register_blueprint(tasks_bp)
    orders.init_app(app)
    problems.init_app(app)
