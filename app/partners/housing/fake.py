"""Housing in memory."""

from app.facts import Answer
from app.partners.base import Query
from app.partners.housing.adapter import Housing
from app.partners.memory import MemoryAgency


class FakeHousing(MemoryAgency):
    """Knows the registers it was taught."""

    code = Housing.code
    items = Housing.items

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: it was told to fail.
        """
        return self.look_up(query)
