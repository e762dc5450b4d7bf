from app.partners.disabled_federation.adapter import DisabledFederation
from app.partners.disabled_federation.fake import FakeDisabledFederation
from tests.partners.suite import PartnerSuite


class TestDisabledFederation(PartnerSuite):
    adapter = DisabledFederation
    fake = FakeDisabledFederation
