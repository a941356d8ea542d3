"""A fake Zendesk for demos, tests and measurements. It shares no code with our client."""

from .faults import Cut
from .sandbox import Sandbox
from .settings import Settings

__all__ = ["Cut", "Sandbox", "Settings"]
