"""The demo's own secrets: random, made at its first start, kept in one private file."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

ADMIN = "admin@giga.test"
AGENT = "agent@giga.test"


def _password() -> str:
    return secrets.token_urlsafe(12)


def _fernet_key() -> str:
    # What `Fernet.generate_key` does, without importing cryptography at every start.
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@dataclass
class Credentials:
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    encryption_keys: str = field(default_factory=_fernet_key)
    flower_password: str = field(default_factory=_password)
    admin_password: str = field(default_factory=_password)
    agent_password: str = field(default_factory=_password)
    database_is_ours: bool = False  # not so where app.db was there before the demo
    accounts_in: str = ""  # digest of the URL of the database where both accounts were made

    older_accounts: list[str] = field(default_factory=list)  # there before, with other passwords

    def passwords(self) -> dict[str, str]:
        return {ADMIN: self.admin_password, AGENT: self.agent_password}

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls(**json.loads(path.read_text()))

    def save(self, path: Path) -> None:
        """Write it whole or not at all, and readable by nobody else from the first byte."""
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(self), file, indent=2)
        new.replace(path)
