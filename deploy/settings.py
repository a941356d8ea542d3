"""What an operator may choose about the demo, and where it keeps its things."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.ports import LOOPBACK, is_free
from deploy.supervisor import OperatorError

_NEEDED_FOR_ISSUES = ("GIGA_DEMO_CONNECTED", "GIGA_DEMO_ISSUES")


@dataclass(frozen=True)
class Settings:
    instance: Path
    web_port: int = 5000
    flower_port: int = 5555
    sandbox_port: int = 8900
    tickets: int = 12_000
    speed: float = 2.0  # how many times faster than Zendesk's the sandbox's clock goes
    database_url: str = ""  # empty: SQLite in the instance folder
    is_connected: bool = True  # whether the environment has credentials for the fake Zendesk
    finds_issues: bool = True  # whether the pipeline is run once, after the first start

    @property
    def folder(self) -> Path:
        return self.instance / "demo"

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def metrics(self) -> Path:
        """Where each process counts for itself."""
        return self.folder / "metrics"

    @property
    def sqlite_file(self) -> Path:
        return self.instance / "app.db"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.sqlite_file}"

    @property
    def web_url(self) -> str:
        return f"http://{LOOPBACK}:{self.web_port}"

    @property
    def flower_url(self) -> str:
        return f"http://{LOOPBACK}:{self.flower_port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{LOOPBACK}:{self.sandbox_port}"

    @classmethod
    def given(cls, instance: Path, environ: Mapping[str, str]) -> Self:
        """Raises OperatorError for a number that is none."""
        return cls(
            instance=instance,
            web_port=int(_number(environ, "GIGA_WEB_PORT", cls.web_port)),
            flower_port=int(_number(environ, "GIGA_FLOWER_PORT", cls.flower_port)),
            sandbox_port=int(_number(environ, "GIGA_SANDBOX_PORT", cls.sandbox_port)),
            tickets=int(_number(environ, "GIGA_DEMO_TICKETS", cls.tickets)),
            speed=_number(environ, "GIGA_DEMO_SPEED", cls.speed),
            # Not DATABASE_URL: that may be the one of a real installation.
            database_url=environ.get("GIGA_DEMO_DATABASE_URL", ""),
            is_connected=environ.get("GIGA_DEMO_CONNECTED") != "no",
            finds_issues="no" not in (environ.get(one) for one in _NEEDED_FOR_ISSUES),
        )

    def claim_ports(self) -> None:
        """Raises OperatorError, with who wants it and what to do, if a port is taken."""
        wanted = {
            "GIGA_WEB_PORT": (self.web_port, "the web app"),
            "GIGA_FLOWER_PORT": (self.flower_port, "Flower"),
            "GIGA_SANDBOX_PORT": (self.sandbox_port, "the fake Zendesk"),
        }
        seen: set[int] = set()
        for variable, (port, who) in wanted.items():
            if port in seen or not is_free(port):
                raise OperatorError(
                    f"Port {port}, which {who} wants, is taken."
                    f" Choose another: {variable}={port + 1} make demo"
                )
            seen.add(port)


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    try:
        number = float(environ.get(name) or default)
    except ValueError:
        number = 0.0
    if number <= 0:
        raise OperatorError(f"{name} is {environ[name]!r}, but it must be a number above 0.")
    return number
