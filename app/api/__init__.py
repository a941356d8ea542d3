"""/api/v1: what programs may do, with a personal access token and nothing else. Its document is made of the code."""

from flask import Blueprint, Flask

from app.extensions import csrf
from app.forms import orders

PREFIX = "/api/v1"

bp = Blueprint("api", __name__, url_prefix=PREFIX)
docs_bp = Blueprint("api_docs", __name__, url_prefix=PREFIX)

from app.api import actions, docs, document, jobs, library, problems  # noqa: E402

__all__ = ["actions", "bp", "docs", "docs_bp", "document", "init_app", "jobs", "library"]

# No cookie signs a program in, so no page of another site can make a browser ask for something here.
csrf.exempt(bp)


def init_app(app: Flask) -> None:
    """After the tools, since what they can be told is a part of the document."""
    app.register_blueprint(bp)
    app.register_blueprint(docs_bp)
    orders.init_app(app)
    problems.init_app(app)
