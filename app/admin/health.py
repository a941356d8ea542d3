"""The page that tells how each part of Giga Tools is."""

from flask import current_app, render_template

from app.admin import bp
from app.menu import Page
from app.services import health
from app.services.checkup import Level

PAGE = Page(
    "Health",
    "Whether web, workers, broker, database and Zendesk are well, and what to do where they are not.",
    "admin.show_health",
    place=90,
)


@bp.get("/health")
def show_health() -> str:
    parts = health.look()
    return render_template(
        "admin/health.html",
        parts=parts,
        troubles=[part for part in parts if part.level is not Level.OK],
        flower=current_app.config["FLOWER_URL"],
    )
