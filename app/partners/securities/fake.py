"""The securities depositories in memory."""

from app.partners.memory import FilingAgency
from app.partners.securities.adapter import Securities


class FakeSecurities(FilingAgency):
    """Knows what it was taught."""

    code = Securities.code
    items = Securities.items
