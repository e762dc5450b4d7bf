from app.partners.insurance.adapter import Insurance
from app.partners.insurance.fake import FakeInsurance
from tests.partners.file_suite import FileSuite


class TestInsurance(FileSuite):
    adapter = Insurance
    fake = FakeInsurance
