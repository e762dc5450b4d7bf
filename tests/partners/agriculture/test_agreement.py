from app.partners.agriculture.adapter import Agriculture
from app.partners.agriculture.fake import FakeAgriculture
from tests.partners.suite import PartnerSuite


class TestAgriculture(PartnerSuite):
    adapter = Agriculture
    fake = FakeAgriculture
