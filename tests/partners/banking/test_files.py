from app.partners.banking.fake import FakeBanking
from app.partners.banking.files import BankingFiles
from tests.partners.file_suite import FileSuite


class TestBankingFiles(FileSuite):
    adapter = BankingFiles
    fake = FakeBanking
