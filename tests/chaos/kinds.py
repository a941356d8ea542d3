"""Kinds of job that a round may run: what is ordered, and how its effect looks in the truth log."""

from dataclasses import dataclass

from app.services.jobs import Order


@dataclass(frozen=True)
class Tagging:
    """Adds a tag: every ticket is sent the same, each with its own stamp."""

    mark: str

    @classmethod
    def prepared(cls, zendesk, mark):
        return cls(mark)

    def order(self, ticket_ids):
        return Order(
            tool_slug="tag-manager",
            operation="add_tags",
            arguments={"tags": [self.mark]},
            **_asked(ticket_ids),
        )

    def is_delivery(self, entry):
        """Did an update of this job reach the ticket, whatever it changed?"""
        return entry["via"] != "outside" and self.mark in (
            (entry["asked"] or {}).get("additional_tags") or ()
        )

    def is_effect(self, entry):
        return self.mark in entry["added_tags"]


@dataclass(frozen=True)
class Commenting:
    """Applies a macro with a comment that only this job writes."""

    mark: str
    macro_id: int

    WORDS = "We have looked into it ({mark})."

    @classmethod
    def prepared(cls, zendesk, mark):
        actions = [
            {"field": "comment_value", "value": cls.WORDS.format(mark=mark)},
            # A plan that sends public replies would wait for somebody to type their number.
            {"field": "comment_mode_is_public", "value": "false"},
            {"field": "current_tags", "value": mark},
        ]
        macro = {"title": f"Chaos::{mark}", "actions": actions}
        return cls(mark, zendesk.ask("POST", "/macros", macro)["macro"]["id"])

    def order(self, ticket_ids):
        return Order(
            tool_slug="apply-macro-to-view",
            operation="apply_macro",
            arguments={"macro_id": self.macro_id},
            **_asked(ticket_ids),
        )

    def is_delivery(self, entry):
        comment = (entry["asked"] or {}).get("comment") or {}
        return self.mark in str(comment)

    def is_effect(self, entry):
        """Was it written on the ticket?"""
        return self.mark in str(entry["comment"] or "")


@dataclass(frozen=True)
class Rendering(Commenting):
    """The same with placeholders: each ticket's words are asked of Zendesk just before they are sent."""

    WORDS = (
        "Hello {{{{ticket.requester.first_name}}}}, we have looked into {{{{ticket.id}}}} ({mark})."
    )


KINDS = {"tag": Tagging, "macro": Commenting, "placeholders": Rendering}


def _asked(ticket_ids):
    return {
        "selection": {"ticket_ids": ticket_ids},
        "title": "Chaos",
        "act_words": "Break {tickets}",
        "limit": 50_000,
        "dry_run": False,
    }
