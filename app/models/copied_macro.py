"""The local copy of Zendesk's macros, and what each of them uses."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UtcDateTime
from app.extensions import Model

# Sorted by code points on both databases, so that their lists and their pages are alike.
Sortable = Text().with_variant(Text(collation="C"), "postgresql")


class Access(StrEnum):
    """Who may use a macro in Zendesk."""

    EVERYBODY = "everybody"
    GROUPS = "groups"
    PERSON = "person"


class CopiedMacro(Model):
    __tablename__ = "macros"
    __table_args__ = (
        Index("ix_macros_sort_title_id", "sort_title", "id"),
        Index("ix_macros_category", "category"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    sort_title: Mapped[str] = mapped_column(Sortable)
    category: Mapped[str] = mapped_column(Text)  # the title without its last segment: “A::B”
    description: Mapped[str] = mapped_column(Text)
    active: Mapped[bool]
    access: Mapped[str] = mapped_column(String(9))
    # The names of those who may use it in Zendesk, where not everybody may.
    allowed: Mapped[list[str]] = mapped_column(JSON)
    owner_email: Mapped[str | None] = mapped_column(String(254))  # of a personal one, in lower case
    actions: Mapped[list[Any]] = mapped_column(JSON)  # [field, value] in their order
    # The actions as somebody would say them, but for the comment; and the comment, line by line.
    sentences: Mapped[list[str]] = mapped_column(JSON)
    comment: Mapped[str] = mapped_column(Text)
    is_public: Mapped[bool]  # the comment: a public reply, or else an internal note
    usage_30d: Mapped[int | None]  # None where Zendesk does not tell
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest: Mapped[str] = mapped_column(String(64))  # over all of the above but the usage
    uses: Mapped[list["MacroUse"]] = relationship(order_by="MacroUse.kind, MacroUse.value")

    @property
    def name(self) -> str:
        """The title's last segment."""
        return self.title.rpartition("::")[2]

    @property
    def comment_kind(self) -> str:
        return "Public reply" if self.is_public else "Internal note"

    @property
    def said(self) -> list[str]:
        """All that it does, the comment last."""
        comment = [f"{self.comment_kind}: {' '.join(self.comment.split())}"] if self.comment else []
        return [*self.sentences, *comment]

    @property
    def segments(self) -> list[str]:
        """The category's parts, outermost first."""
        return self.category.split("::") if self.category else []


class UseKind(StrEnum):
    TAG = "tag"  # adds, removes or sets it, or chooses the option that brings it
    ACTION = "action"  # what kind of thing it does
    FIELD = "field"  # the custom field, by its id


class MacroUse(Model):
    """That a macro has something to do with a tag, a field or a kind of action."""

    __tablename__ = "macro_uses"
    __table_args__ = (Index("ix_macro_uses_kind_value", "kind", "value"),)

    macro_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("macros.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(6), primary_key=True)
    value: Mapped[str] = mapped_column(String(255), primary_key=True)
