from app.partners.human_resources.adapter import HumanResources
from app.partners.human_resources.fake import FakeHumanResources
from tests.partners.suite import PartnerSuite


class TestHumanResources(PartnerSuite):
    adapter = HumanResources
    fake = FakeHumanResources
