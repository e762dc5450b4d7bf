"""How far a transaction sees: told to PostgreSQL, whose row-level security keeps to it whatever a statement asks.

Every transaction of the application's role sees a range of divisions, and one that serves a citizen only what is hers
in it. Said nothing, it sees nothing. The settings end with the transaction; they are the same whether one `set_config`
call or `SET LOCAL` statements make them.
"""

from dataclasses import dataclass
from uuid import UUID

_FIRST, _LAST = "000000000000", "999999999999"


@dataclass(frozen=True)
class Reach:
    """What one transaction may see and change.

    `low` to `high`: the divisions, inclusive. `owner`: the citizen who is served. `actor`: who asks, citizen or staff,
    for what is somebody's own wherever it lies. `reporter`: the blind index of the citizen's own complaints.
    `application`: the one case whose evidence is read, so that its index serves: no condition of a query may use it
    before a row is known to be within reach.
    """

    low: str = ""
    high: str = ""
    owner: UUID | None = None
    actor: UUID | None = None
    reporter: bytes | None = None
    application: UUID | None = None

    def settings(self) -> dict[str, str]:
        """Return the settings as PostgreSQL gets them; the empty string is what none means."""
        return {
            "dibao.low": self.low,
            "dibao.high": self.high,
            "dibao.owner": str(self.owner or ""),
            "dibao.actor": str(self.actor or ""),
            "dibao.reporter": (self.reporter or b"").hex(),
            "dibao.application": str(self.application or ""),
        }


NOTHING = Reach()
EVERYTHING = Reach(_FIRST, _LAST)
