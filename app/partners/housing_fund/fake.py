"""The housing fund in memory."""

from app.partners.housing_fund.adapter import HousingFund
from app.partners.memory import AnsweringAgency


class FakeHousingFund(AnsweringAgency):
    """Knows the register it was taught."""

    code = HousingFund.code
    items = HousingFund.items
