from app.partners.development_reform.adapter import DevelopmentReform
from app.partners.development_reform.fake import FakeDevelopmentReform
from tests.partners.suite import PartnerSuite


class TestDevelopmentReform(PartnerSuite):
    adapter = DevelopmentReform
    fake = FakeDevelopmentReform
