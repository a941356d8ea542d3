"""The routes of the fake Zendesk, one module for each thing that is asked about."""

from . import control, jobs, macros, oauth, people, tags, tickets, updates, views

ALL = tuple(
    module.routes
    for module in (tickets, updates, tags, views, jobs, macros, people, oauth, control)
)
