from app.partners.other_provinces.adapter import OtherProvinces
from app.partners.other_provinces.fake import FakeOtherProvinces
from tests.partners.suite import PartnerSuite


class TestOtherProvinces(PartnerSuite):
    adapter = OtherProvinces
    fake = FakeOtherProvinces
