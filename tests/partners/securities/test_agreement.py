from app.partners.securities.adapter import Securities
from app.partners.securities.fake import FakeSecurities
from tests.partners.file_suite import FileSuite


class TestSecurities(FileSuite):
    adapter = Securities
    fake = FakeSecurities
