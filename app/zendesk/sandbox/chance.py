"""Chance that comes from a seed, so that the same questions have the same answers again."""

from hashlib import blake2b


def happens(probability: float, *what: object) -> bool:
    """Whether this happens. It depends on nothing but what is asked about."""
    digest = blake2b(repr(what).encode(), digest_size=8).digest()
    return int.from_bytes(digest) < probability * 2**64
