"""What every event of this stage says of its award."""

from typing import Any

from app.awards.models import Award


def whose(award: Award) -> dict[str, Any]:
    """Return it, by the fields of `AwardEvent`."""
    return {
        "subject": award.id,
        "county": award.county,
        "applicant_id": award.beneficiary_id,
        "application_id": award.application_id,
    }
