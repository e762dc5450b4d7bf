"""Human resources in memory."""

from app.partners.human_resources.adapter import HumanResources
from app.partners.memory import AnsweringAgency


class FakeHumanResources(AnsweringAgency):
    """Knows the register it was taught."""

    code = HumanResources.code
    items = HumanResources.items
