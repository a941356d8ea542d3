"""The keys of ENCRYPTION_KEYS."""

from cryptography.fernet import Fernet

from app.config.error import ConfigError


def split_keys(keys: str) -> list[str]:
    """Those of ENCRYPTION_KEYS, in their order."""
    return [key.strip() for key in keys.split(",") if key.strip()]


def refuse_other_than_keys(keys: str) -> None:
    """Says which is none, by its place and never by its text."""
    for place, key in enumerate(split_keys(keys), start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ConfigError(
                f"ENCRYPTION_KEYS: no. {place} is no Fernet key. `flask secrets new-key` prints one."
            ) from None
