"""What agencies that check signatures have in common: a signature is good for a while, and a nonce for once."""

import time

_OLDEST = 300  # seconds


def is_recent(stamp: str) -> bool:
    """Say whether a time in seconds since 1970 lies close enough to now."""
    return stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and abs(time.time() - int(stamp)) <= _OLDEST


class Nonces:
    """The nonces of the last minutes; who restarts has forgotten them, and by then the signatures are old."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def take(self, nonce: str) -> bool:
        """Say whether nobody has shown this nonce yet, and remember it."""
        now = time.time()
        if len(self._seen) > 10_000:
            self._seen = {each: at for each, at in self._seen.items() if now - at <= 2 * _OLDEST}
        if not 16 <= len(nonce) <= 64 or nonce in self._seen:
            return False
        self._seen[nonce] = now
        return True
