from app.partners.housing_fund.adapter import HousingFund
from app.partners.housing_fund.fake import FakeHousingFund
from tests.partners.suite import PartnerSuite


class TestHousingFund(PartnerSuite):
    adapter = HousingFund
    fake = FakeHousingFund
