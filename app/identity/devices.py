"""A client's own device: a random value it made once, keeps, and sends with signing in and refreshing.

Never an identity, only a second thing that a thief of a token does not have, and a sign of an old acquaintance while
somebody else tries passwords. Clients that send none go on as they always did. Only a keyed hash of it is kept.
"""

from app.core.crypto import Vault


def device_index(vault: Vault, device: str | None) -> bytes | None:
    """Return how a device is kept; None for clients that name none."""
    return None if device is None else vault.index("sessions.device", device)
