"""What a form asks for while one chooses tickets: what a search finds, the views, and their counts."""

from flask import Blueprint, render_template, request
from flask_wtf import FlaskForm

from app.access import me
from app.forms.chosen import LONGEST_SEARCH
from app.forms.selection import ViewsField
from app.services import allowance, connection, permissions, view_counts
from app.services.connection import NotConnected
from app.zendesk.errors import Invalid, ZendeskError

MOST_ROUNDS = 25  # of counting: 500 views in four minutes
AT_ONCE = 3

bp = Blueprint("choosing", __name__, url_prefix="/choosing")


class ViewsForm(FlaskForm):
    """The views alone, with the ticks that they have by now."""

    view = ViewsField("Views")


@bp.get("/search")
def search() -> str:
    """How many tickets a search finds, or what is wrong with it."""
    may_know = permissions.check_search(me())
    query = request.args.get("search", "").strip()[:LONGEST_SEARCH]
    found, trouble = None, ""
    if query and not may_know:
        trouble = "How many tickets of your groups this finds, the plan will say."
    elif query and not allowance.take(me()):
        trouble = allowance.TROUBLE
    elif query:
        try:
            found = connection.client().search_count(query)
        except Invalid as error:
            trouble = f"Zendesk does not understand the search: {error.words}"
        except (ZendeskError, NotConnected):
            trouble = "Zendesk cannot say now how many tickets this finds. The plan will."
    return render_template("choosing/_found.html", found=found, trouble=trouble)


@bp.get("/views")
def views() -> str:
    """The views as they are now, counted as far as Zendesk does so at once."""
    form = ViewsForm(request.args, meta={"csrf": False})
    tool_slug = request.args.get("tool", "")
    permitted = permissions.check_use(me(), tool_slug).view_ids
    if allowance.take(me()):
        form.view.fetch(anew=True)
        form.view.count(view_counts.YOUNGEST)
    else:
        form.view.trouble = allowance.TROUBLE
    form.view.permit(permitted)
    return render_template("choosing/_views.html", form=form, tool_slug=tool_slug)


@bp.get("/counts")
def counts() -> str:
    """Some more of the counts, and when to ask for the next: Zendesk permits six such calls a minute."""
    done = min(max(request.args.get("done", 0, int), 0), MOST_ROUNDS) + 1
    field = ViewsForm(meta={"csrf": False}).view
    counted = field.count() if allowance.take(me()) else []
    open_to_me = permissions.views_open_to(me())
    is_short = field.wants_counting or field.is_being_counted
    wants_more = bool(counted) and is_short and done < MOST_ROUNDS
    seconds = 1 if field.wants_counting and done < AT_ONCE else 11
    return render_template(
        "choosing/_counts.html",
        field=field,
        counted=[one for one in counted if open_to_me is None or one in open_to_me],
        done=done if wants_more else None,
        seconds=seconds,
    )
