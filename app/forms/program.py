"""What a program sends to have a job made: the parts that all tools share.

What is checked here is described by these classes too: the OpenAPI document is made of them.
"""

from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from app.access import me
from app.extensions import db
from app.forms import chosen
from app.forms.chosen import LONGEST_SEARCH, MOST_VIEWS, Chosen
from app.forms.earlier_job import SETTLED
from app.models import OVER, Job, Outcome
from app.services import job_list, views
from app.services.connection import NotConnected
from app.services.tags import LONGEST, TagsRefused, parse_tags
from app.zendesk.errors import ZendeskError

MOST_IDS = 50_000
LONGEST_REASON = 500


class Refused(ValueError):
    """What was sent is well formed, but cannot be had. `field` is where; the message says why."""

    def __init__(self, field: str, words: str):
        super().__init__(words)
        self.field = field


class Part(BaseModel):
    """Nothing is guessed: "1" is no number, and a name that we do not know is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _refuse(words: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{words}", {"words": words})


def _one_tag(text: str) -> str:
    try:
        tags = parse_tags(text)
    except TagsRefused as error:
        raise _refuse(str(error)) from None
    if len(tags) > 1 or text != text.strip():
        raise _refuse("A tag has no spaces or commas in it. Send each tag as an item of its own.")
    return tags[0]


def _searchable(query: str) -> str:
    query = query.strip()
    if trouble := chosen.trouble_with_search(query):
        raise _refuse(trouble)
    return query


def _settled(outcome: Outcome) -> Outcome:
    if outcome is Outcome.PLANNED:
        raise _refuse("A job that is over has no ticket that is only planned.")
    return outcome


def _each_once(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


# No text of ours has the character NUL, and PostgreSQL cannot keep it.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
OneTag = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_one_tag)]
ZendeskId = Annotated[int, Field(ge=1, lt=10**18)]
Settled = Annotated[
    Outcome,
    AfterValidator(_settled),
    WithJsonSchema({"type": "string", "enum": [str(one) for one in SETTLED]}),
]


class OfView(Part):
    """The tickets of one of Zendesk's views."""

    view_id: ZendeskId

    def chosen(self) -> Chosen:
        return chosen.of_views(_titles([self.view_id], "view_id"))


class OfViews(Part):
    """The tickets of several views, each once."""

    view_ids: Annotated[
        list[ZendeskId], Field(min_length=1, max_length=MOST_VIEWS), AfterValidator(_each_once)
    ]

    def chosen(self) -> Chosen:
        return chosen.of_views(_titles(self.view_ids, "view_ids"))


class OfSearch(Part):
    """The tickets that a Zendesk search finds, however many."""

    search: Annotated[
        Text, Field(min_length=1, max_length=LONGEST_SEARCH), AfterValidator(_searchable)
    ]

    def chosen(self) -> Chosen:
        return chosen.of_search(self.search)


class OfTickets(Part):
    """Tickets by their numbers, in this order."""

    ticket_ids: Annotated[
        list[ZendeskId], Field(min_length=1, max_length=MOST_IDS), AfterValidator(_each_once)
    ]

    def chosen(self) -> Chosen:
        return chosen.of_ids(self.ticket_ids)


class OfJob(Part):
    """The tickets that had one of these results in a job that is over."""

    job_id: UUID
    outcomes: Annotated[
        list[Settled], Field(min_length=1, max_length=len(SETTLED)), AfterValidator(_each_once)
    ]

    def chosen(self) -> Chosen:
        over = job_list.visible_to(me()).where(Job.status.in_(OVER))
        job = db.session.scalar(over.where(Job.job_id == str(self.job_id)))
        if job is None:
            raise Refused("job_id", "There is no such job, or it is not over yet.")
        outcomes = [str(one) for one in SETTLED if one in self.outcomes]
        if trouble := chosen.trouble_with_outcomes(job, outcomes):
            raise Refused("outcomes", trouble)
        return chosen.of_job(job, outcomes)


# The names by which they are told apart. What stands for them inside begins with a colon, as no field does.
_KINDS = ("view_id", "view_ids", "search", "ticket_ids", "job_id")


def _kind(sent: Any) -> str | None:
    names = sent if isinstance(sent, dict) else vars(sent) if isinstance(sent, Part) else {}
    return next((f":{kind}" for kind in _KINDS if kind in names), None)


Selection = Annotated[
    Annotated[OfView, Tag(":view_id")]
    | Annotated[OfViews, Tag(":view_ids")]
    | Annotated[OfSearch, Tag(":search")]
    | Annotated[OfTickets, Tag(":ticket_ids")]
    | Annotated[OfJob, Tag(":job_id")],
    Discriminator(
        _kind,
        custom_error_type="refused",
        custom_error_message=(
            "Say which tickets: by view_id, view_ids, search, ticket_ids, or job_id with outcomes."
        ),
    ),
]


class Ordered(Part):
    """What every tool is told, besides what it is to do. A tool's own class adds `tool`, and makes an `Order` of it."""

    selection: Selection
    limit: Annotated[int, Field(ge=1)]
    dry_run: bool = Field(
        True,
        description=(
            "Only make the plan, and wait until it is applied. With false it is started as soon as it is made."
        ),
    )
    reason: Annotated[Text, Field(max_length=LONGEST_REASON)] = Field(
        "", description="Why, for those who look at the job later."
    )

    def chosen(self) -> Chosen:
        """Raises Refused."""
        try:
            return self.selection.chosen()
        except Refused as refused:
            raise Refused(f"selection.{refused.field}", str(refused)) from None


def _titles(view_ids: list[int], field: str) -> dict[int, str]:
    """The names of the views. Where Zendesk cannot be asked now, the plan will find out whether they are there."""
    try:
        listed = views.listed().titles
    except (ZendeskError, NotConnected):
        return {one: f"view {one}" for one in view_ids}
    if gone := [one for one in view_ids if one not in listed]:
        raise Refused(field, f"There is no active view {gone[0]} that the connection can see.")
    return {one: listed[one] for one in view_ids}
