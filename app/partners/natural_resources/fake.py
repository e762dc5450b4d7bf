"""Natural resources in memory."""

from app.partners.memory import AnsweringAgency
from app.partners.natural_resources.adapter import NaturalResources


class FakeNaturalResources(AnsweringAgency):
    """Knows the register it was taught."""

    code = NaturalResources.code
    items = NaturalResources.items
