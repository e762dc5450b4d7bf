"""Whether an agency is asked at all: not for a while after several failures in a row, then by one question at a time.

The state is this process's own. Each process finds out for itself, at the price of a few questions; nothing has to be
shared, and nothing that is shared can be wrong for all of them.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from circuitbreaker import STATE_HALF_OPEN, CircuitBreaker

from app.partners.base import HeldBack
from app.partners.calling.care import Care


def _is_failure(_kind: type[BaseException], _error: BaseException | None) -> bool:
    return True


class Breaker:
    """Counts failures in a row; once there are too many, holds questions back, and after a rest lets one probe."""

    def __init__(self, partner: str, care: Care) -> None:
        rest = care.rest * random.uniform(1, 1.5)  # noqa: S311 - spreads processes, guards nothing # nosec B311
        self._circuit = CircuitBreaker(care.failures, rest, _is_failure, name=partner)
        self._partner = partner
        self._deadline = care.deadline
        self._probing = False

    @property
    def held_back_for(self) -> float:
        """Return for about how many seconds nothing is asked; 0: now is as good as any time."""
        if self._circuit.opened:
            return float(max(self._circuit.open_remaining, 1))
        return self._deadline if self._probing else 0.0

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Let one question through and learn from how the block ends.

        Being cancelled says nothing about the agency: neither does it count as a failure, nor end a rest.

        Raises:
            HeldBack: the agency is not asked at present, or another question probes it.
        """
        wait = self.held_back_for
        if wait > 0:
            raise HeldBack(self._partner, wait)
        probe = self._probing = self._circuit.state == STATE_HALF_OPEN
        try:
            yield
        except Exception:
            # The error itself stays outside: the circuit would keep it, and with it whom was asked about.
            self._circuit.__exit__(Exception, None, None)
            raise
        else:
            self._circuit.reset()
        finally:
            if probe:
                self._probing = False
