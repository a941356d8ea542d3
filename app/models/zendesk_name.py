"""The names of what macros have only ids of: groups, agents, fields, forms, brands and statuses."""

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class ZendeskName(Model):
    __tablename__ = "zendesk_names"

    kind: Mapped[str] = mapped_column(String(6), primary_key=True)  # as `macros.Names` has them
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
