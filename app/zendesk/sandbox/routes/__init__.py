"""The routes of the fake Zendesk, one module for each thing that is asked about."""

from . import (
    control,
    creating,
    directory,
    fields,
    history,
    incremental,
    jobs,
    macros,
    oauth,
    people,
    search,
    tags,
    tickets,
    updates,
    views,
)

ALL = tuple(
    module.routes
    for module in (
        *(tickets, updates, creating, history, tags, views, search, incremental),
        *(jobs, macros, people, oauth, directory, fields, control),
    )
)
