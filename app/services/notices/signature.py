"""How a receiver knows that a message is ours, and new.

Three headers come with each message:

    Giga-Delivery: 0f2c…            the same at each try: whoever has seen it before has had this message
    Giga-Timestamp: 1795452000      seconds since 1970, of this try
    Giga-Signature: v1=5c1f…,v1=9a… HMAC-SHA256, in hex, of the timestamp, a full stop and the body, with the secret

For a day after a new secret was made there are two signatures, of the new one and of the old: one that fits is enough.
A receiver in Python:

    import hashlib, hmac, time

    def is_genuine(secret: str, headers, body: bytes) -> bool:
        timestamp = headers["Giga-Timestamp"]
        signed = timestamp.encode() + b"." + body
        ours = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        fits = any(hmac.compare_digest(ours, one) for one in headers["Giga-Signature"].split(","))
        return fits and abs(time.time() - int(timestamp)) < 300

The body is signed as it was sent: check it before it is parsed.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"  # so that a secret which went astray is known for what it is


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def signed(timestamp: int, body: bytes, with_secrets: Iterable[str]) -> str:
    """What the header Giga-Signature says of this body."""
    text = f"{timestamp}.".encode() + body
    digests = (hmac.new(one.encode(), text, hashlib.sha256).hexdigest() for one in with_secrets)
    return ",".join(f"v1={digest}" for digest in digests)
