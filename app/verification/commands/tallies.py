"""Counting, when a report is issued, how far each agency's findings agree with the declaration."""

from collections import Counter

from app.core.db import WriteSession
from app.core.ids import new_id
from app.verification.agency_models import ReportTally
from app.verification.comparison import Difference
from app.verification.models import HouseholdReport
from app.verification.report import Content

_NOTHING_COMPARED = (None, Difference.UNKNOWN)


def keep_tallies(db: WriteSession, report: HouseholdReport, content: Content) -> None:
    """Keep for each agency how many fields were compared and how many of them differ."""
    compared: Counter[str] = Counter()
    differing: Counter[str] = Counter()
    for _, entry in content.entries():
        for field in entry.fields:
            if field.difference not in _NOTHING_COMPARED:
                compared[entry.source] += 1
                differing[entry.source] += field.difference is not Difference.MATCH
    db.add_all(
        ReportTally(
            id=new_id(),
            county=report.county,
            division=report.division,
            application_id=report.application_id,
            report_id=report.id,
            partner=partner,
            issued_at=report.issued_at,
            compared=count,
            differing=differing[partner],
        )
        for partner, count in sorted(compared.items())
    )
