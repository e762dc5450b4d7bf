"""The insurers in memory."""

from app.partners.insurance.adapter import Insurance
from app.partners.memory import FilingAgency


class FakeInsurance(FilingAgency):
    """Knows what it was taught."""

    code = Insurance.code
    items = Insurance.items
