from app.partners.tax.adapter import Tax
from app.partners.tax.fake import FakeTax
from tests.partners.suite import PartnerSuite


class TestTax(PartnerSuite):
    adapter = Tax
    fake = FakeTax
