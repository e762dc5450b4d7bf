"""Market regulation in memory."""

from app.partners.market_regulation.adapter import MarketRegulation
from app.partners.memory import AnsweringAgency


class FakeMarketRegulation(AnsweringAgency):
    """Knows the register it was taught."""

    code = MarketRegulation.code
    items = MarketRegulation.items
