"""Why a backup is not made, not good, or not restored."""


class BackupRefused(Exception):
    """Its text tells the operator what is wrong, and what to do. It holds no password."""
