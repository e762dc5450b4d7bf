"""Civil affairs in memory."""

from app.facts import Answer
from app.partners.base import Query
from app.partners.civil_affairs.adapter import CivilAffairs
from app.partners.memory import MemoryAgency


class FakeCivilAffairs(MemoryAgency):
    """Knows the registers it was taught."""

    code = CivilAffairs.code
    items = CivilAffairs.items

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: it was told to fail.
        """
        return self.look_up(query)
