"""The routes of the fake Zendesk, one module for each thing that is asked about."""

from . import (
    absent,
    control,
    creating,
    directory,
    exports,
    fields,
    history,
    incremental,
    jobs,
    macros,
    memberships,
    oauth,
    organizations,
    people,
    search,
    tags,
    tickets,
    totals,
    updates,
    views,
)

ALL = tuple(
    module.routes
    for module in (
        *(tickets, updates, creating, history, tags, views, search, incremental, exports),
        *(jobs, macros, people, oauth, directory, organizations, memberships, totals, fields),
        absent,
        control,
    )
)
