"""The second factor of somebody's sign-in: what their app makes codes from, and codes for when it is lost."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model
from app.models.secret import Secret


class TwoFactor(Model):
    """Asked for at sign-in once it is confirmed, which proves that the person's app has the secret."""

    __tablename__ = "two_factors"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(Secret)
    # The time step of the last code that was taken: a code works once, and none before it any more.
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def __repr__(self) -> str:
        return f"<TwoFactor of user {self.user_id}>"


class RecoveryCode(Model):
    """Stands in for the app, once. Random enough that its hash needs no salt and no stretching."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def __repr__(self) -> str:
        return f"<RecoveryCode {self.id}>"
