from app.partners.banking.adapter import Banking
from app.partners.banking.fake import FakeBanking
from tests.partners.suite import PartnerSuite


class TestBanking(PartnerSuite):
    adapter = Banking
    fake = FakeBanking
