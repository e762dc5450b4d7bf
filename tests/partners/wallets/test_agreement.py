from app.partners.wallets.adapter import Wallets
from app.partners.wallets.fake import FakeWallets
from tests.partners.file_suite import FileSuite


class TestWallets(FileSuite):
    adapter = Wallets
    fake = FakeWallets
