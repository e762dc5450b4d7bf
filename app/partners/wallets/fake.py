"""The payment services in memory."""

from app.partners.memory import FilingAgency
from app.partners.wallets.adapter import Wallets


class FakeWallets(FilingAgency):
    """Knows what it was taught."""

    code = Wallets.code
    items = Wallets.items
