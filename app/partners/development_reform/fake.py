"""Development and reform in memory."""

from app.partners.development_reform.adapter import DevelopmentReform
from app.partners.memory import AnsweringAgency


class FakeDevelopmentReform(AnsweringAgency):
    """Knows the register it was taught."""

    code = DevelopmentReform.code
    items = DevelopmentReform.items
