"""People who sign in."""

from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from flask_login import UserMixin
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model

hasher = PasswordHasher()


class Role(StrEnum):
    USER = "user"
    ADMIN = "admin"


class User(UserMixin, Model):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[str] = mapped_column(String(16), default=Role.USER)
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    enabled: Mapped[bool] = mapped_column(default=True)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last time
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    def __repr__(self) -> str:
        return f"<User {self.id}>"

    @property
    def is_active(self) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride, reportIncompatibleVariableOverride]
        return self.enabled  # flask-login asks before every sign-in

    @property
    def is_invited(self) -> bool:
        """Have they still to choose their first password?"""
        return not self.password_hash

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN
