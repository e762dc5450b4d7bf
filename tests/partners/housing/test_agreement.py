from app.partners.housing.adapter import Housing
from app.partners.housing.fake import FakeHousing
from tests.partners.suite import PartnerSuite


class TestHousing(PartnerSuite):
    adapter = Housing
    fake = FakeHousing
