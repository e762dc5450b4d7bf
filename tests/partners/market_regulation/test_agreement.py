from app.partners.market_regulation.adapter import MarketRegulation
from app.partners.market_regulation.fake import FakeMarketRegulation
from tests.partners.suite import PartnerSuite


class TestMarketRegulation(PartnerSuite):
    adapter = MarketRegulation
    fake = FakeMarketRegulation
