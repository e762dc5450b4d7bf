"""Agriculture in memory."""

from app.partners.agriculture.adapter import Agriculture
from app.partners.memory import AnsweringAgency


class FakeAgriculture(AnsweringAgency):
    """Knows the register it was taught."""

    code = Agriculture.code
    items = Agriculture.items
