"""What a form asks for while one chooses tickets: what a search would find, and the views as they are now."""

from flask import Blueprint, render_template, request
from flask_wtf import FlaskForm

from app.forms.selection import LONGEST_SEARCH, ViewsField
from app.services import connection
from app.services.connection import NotConnected
from app.zendesk.errors import Invalid, ZendeskError

bp = Blueprint("choosing", __name__, url_prefix="/choosing")


class ViewsForm(FlaskForm):
    """The views alone, with the ticks that they have by now."""

    view = ViewsField("Views")


@bp.get("/search")
def search() -> str:
    """How many tickets a search finds, or what is wrong with it."""
    query = request.args.get("search", "").strip()[:LONGEST_SEARCH]
    found, trouble = None, ""
    if query:
        try:
            found = connection.client().search_count(query)
        except Invalid as error:
            trouble = f"Zendesk does not understand the search: {error.words}"
        except (ZendeskError, NotConnected):
            trouble = "Zendesk cannot say now how many tickets this finds. The plan will."
    return render_template("choosing/_found.html", found=found, trouble=trouble)


@bp.get("/views")
def views() -> str:
    form = ViewsForm(request.args, meta={"csrf": False})
    form.view.fetch(anew=True)
    return render_template("choosing/_views.html", form=form)
