"""Taxes in memory."""

from app.partners.memory import AnsweringAgency
from app.partners.tax.adapter import Tax


class FakeTax(AnsweringAgency):
    """Knows the register it was taught."""

    code = Tax.code
    items = Tax.items
