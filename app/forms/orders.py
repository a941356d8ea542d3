"""What programs and commands may order: whatever the tools say that they can be told."""

import functools
import operator
from typing import Annotated, Any

from flask import Flask, current_app
from pydantic import Field, TypeAdapter

from app.access import me
from app.services import permissions
from app.services.jobs import Order


def init_app(app: Flask) -> None:
    kinds = [tool.program for tool in app.extensions["tools"] if tool.program]
    told: Any = functools.reduce(operator.or_, kinds)
    if len(kinds) > 1:
        told = Annotated[told, Field(discriminator="tool")]
    app.extensions["orders"] = TypeAdapter(told)


def adapter() -> TypeAdapter[Any]:
    return current_app.extensions["orders"]


def order_of(sent: Any) -> Order:
    """Raises Refused, NotPermitted. Before the order is made, which may ask Zendesk."""
    permissions.check_use(me(), sent.tool)
    return sent.order()
