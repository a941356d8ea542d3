"""Zendesk's answers as small values, with only what we use. Unknown fields and new words never break us."""

from .account import AccountSettings, Tag, Token
from .custom_status import CustomStatus
from .exported_ticket import ExportedTicket
from .history import Audit, Comment, Event
from .macro import Macro, MacroComment, MacroResult, Restriction
from .named import Named
from .page import PAGE, SEARCH_CAP, IncrementalPage, Page, SearchPage
from .person import Group, Me, User
from .reading import read
from .ticket import Ticket, TicketCount
from .ticket_field import FieldOption, TicketField
from .view import View, ViewCount
from .zendesk_job import TicketResult, ZendeskJob

__all__ = [
    "PAGE",
    "SEARCH_CAP",
    "AccountSettings",
    "Audit",
    "Comment",
    "CustomStatus",
    "Event",
    "ExportedTicket",
    "FieldOption",
    "Group",
    "IncrementalPage",
    "Macro",
    "MacroComment",
    "MacroResult",
    "Me",
    "Named",
    "Page",
    "Restriction",
    "SearchPage",
    "Tag",
    "Ticket",
    "TicketCount",
    "TicketField",
    "TicketResult",
    "Token",
    "User",
    "View",
    "ViewCount",
    "ZendeskJob",
    "read",
]
