from app.partners.natural_resources.adapter import NaturalResources
from app.partners.natural_resources.fake import FakeNaturalResources
from tests.partners.suite import PartnerSuite


class TestNaturalResources(PartnerSuite):
    adapter = NaturalResources
    fake = FakeNaturalResources
