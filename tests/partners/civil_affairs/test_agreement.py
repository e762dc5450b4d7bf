from app.partners.civil_affairs.adapter import CivilAffairs
from app.partners.civil_affairs.fake import FakeCivilAffairs
from tests.partners.suite import PartnerSuite


class TestCivilAffairs(PartnerSuite):
    adapter = CivilAffairs
    fake = FakeCivilAffairs
