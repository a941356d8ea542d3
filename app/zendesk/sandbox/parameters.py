"""The query parameters that each route knows. Of others a header warns, and nothing fails."""

from .asking import Request


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A list is paged by number or by cursor. Brackets are left out: page stands for page[size] too.
_PAGED = _names("page per_page sort sort_by sort_order include")
_ONE = _names("include")
_MANY = _names("ids external_ids include")
_PEOPLE = _PAGED | _names("role permission_set external_id brand_id")
_MACROS = _PAGED | _names("access active category group_id only_viewable")
_VIEWS = _PAGED | _names("access active group_id")
_EXPORT = _names("start_time cursor per_page support_type_scope include exclude_deleted")
_NOTHING: frozenset[str] = frozenset()

# A route is spelled as in the limits' table; one that has no line knows what a list does.
PARAMETERS: dict[str, frozenset[str]] = {
    "GET /tickets": _PAGED | _names("external_id support_type_scope start_time"),
    "POST /tickets": _ONE,
    "GET /tickets/count": _NOTHING,
    "GET /tickets/show_many": _MANY,
    "PUT /tickets/update_many": _names("ids external_ids"),
    "POST /tickets/create_many": _NOTHING,
    "DELETE /tickets/destroy_many": _names("ids"),
    "GET /tickets/*": _ONE | _names("reduced_payload_size remove_duplicate_fields"),
    "PUT /tickets/*": _ONE,
    "DELETE /tickets/*": _NOTHING,
    "GET /tickets/*/tags": _NOTHING,
    "POST /tickets/*/tags": _NOTHING,
    "PUT /tickets/*/tags": _NOTHING,
    "DELETE /tickets/*/tags": _names("tags"),
    "GET /tickets/*/audits": _PAGED | _names("filter_events"),
    "GET /tickets/*/audits/count": _NOTHING,
    "GET /tickets/*/audits/*": _NOTHING,
    "GET /tickets/*/comments": _PAGED | _names("include_inline_images"),
    "GET /ticket_audits": _names("page cursor limit include"),
    "GET /deleted_tickets": _PAGED | _names("support_type_scope"),
    "GET /tags/count": _NOTHING,
    "GET /autocomplete/tags": _names("name per_page"),
    "GET /search": _PAGED | _names("query"),
    "GET /search/count": _names("query"),
    "GET /search/export": _names("query page filter include"),
    "GET /incremental/tickets": _EXPORT,
    "GET /incremental/tickets/cursor": _EXPORT,
    "GET /incremental/users": _EXPORT,
    "GET /incremental/users/cursor": _EXPORT,
    "GET /incremental/organizations": _EXPORT,
    "GET /job_statuses/show_many": _names("ids"),
    "GET /job_statuses/*": _NOTHING,
    "GET /views": _VIEWS,
    "GET /views/active": _VIEWS,
    "GET /views/search": _VIEWS | _names("query"),
    "GET /views/show_many": _VIEWS | _names("ids"),
    "GET /views/count_many": _names("ids"),
    "GET /views/*": _ONE,
    "GET /views/*/count": _NOTHING,
    "GET /views/*/execute": _PAGED | _names("exclude group_by"),
    "POST /views/preview": _PAGED | _names("exclude group_by"),
    "POST /views/preview/count": _NOTHING,
    "GET /macros": _MACROS,
    "GET /macros/active": _MACROS,
    "GET /macros/search": _MACROS | _names("query"),
    "GET /macros/*/apply": _names("normalize_comment"),
    "GET /tickets/*/macros/*/apply": _names("normalize_comment"),
    "GET /users": _PEOPLE,
    "GET /users/count": _PEOPLE,
    "GET /users/me": _ONE,
    "GET /users/show_many": _MANY | _names("include_deleted brand_id"),
    "GET /users/search": _PEOPLE | _names("query"),
    "GET /users/*": _ONE,
    "GET /users/*/groups": _PAGED | _names("exclude_deleted"),
    "GET /users/*/tickets/requested": _PAGED | _names("exclude_archived exclude_count"),
    "GET /groups": _PAGED | _names("exclude_deleted"),
    "GET /groups/*": _ONE,
    "GET /groups/*/users": _PEOPLE,
    "GET /organizations/show_many": _MANY,
    "GET /organizations/autocomplete": _PAGED | _names("name field_id source"),
    "GET /organizations/search": _PAGED | _names("name external_id"),
    "GET /organizations/*": _ONE,
    "GET /organizations/*/users": _PEOPLE,
    "GET /ticket_fields": _PAGED | _names("locale creator"),
    "GET /ticket_fields/*": _names("creator"),
    "GET /ticket_forms": _PAGED
    | _names("active end_user_visible fallback_to_default form_type associated_to_brand locale"),
    "GET /custom_statuses": _names("status_categories active default"),
    "GET /brands": _PAGED | _names("assignable_from include_deleted"),
}


def unknown(route: str, request: Request) -> list[str]:
    """The names in the request that this route does not know, sorted."""
    if not request.query:
        return []
    known = PARAMETERS.get(route, _PAGED)
    # Most requests name only what is known as it stands.
    strange = request.query.keys() - known
    return sorted(name for name in strange if name.partition("[")[0] not in known)
