"""One value in clear, on its way to whoever asked for it."""

from dataclasses import dataclass, field

from app.audit.subjects import Case


@dataclass(frozen=True)
class Opened:
    """One value in clear, None where nothing was entered; of which county, and whom the record is about.

    `case` is None where whoever is shown is no citizen of the case: those read their records, and who reported or
    objected is not told to them.
    """

    value: str | None = field(repr=False)
    county: str
    case: Case | None
