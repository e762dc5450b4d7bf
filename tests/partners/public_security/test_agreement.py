from app.partners.public_security.adapter import PublicSecurity
from app.partners.public_security.fake import FakePublicSecurity
from tests.partners.suite import PartnerSuite


class TestPublicSecurity(PartnerSuite):
    adapter = PublicSecurity
    fake = FakePublicSecurity
