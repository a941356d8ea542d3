"""Of what a person wants to hear by mail."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Wish(StrEnum):
    NEVER = "never"
    TROUBLE = "trouble"
    ALL = "all"


class NoticeChoice(Model):
    """Whoever has no row has chosen nothing, and has what a new row begins with."""

    __tablename__ = "notice_choices"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    own: Mapped[str] = mapped_column(String(16), default=Wish.TROUBLE)
    # Trouble in the jobs of others. Heeded only for admins.
    others: Mapped[bool] = mapped_column(default=False)
    # Plans that wait for their approval. Heeded only for admins.
    approvals: Mapped[bool] = mapped_column(default=True)
