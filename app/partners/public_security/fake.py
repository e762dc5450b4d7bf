"""Public security in memory."""

from app.facts import Answer, FactKey, Item, Outcome
from app.partners.base import Query
from app.partners.memory import MemoryAgency
from app.partners.public_security.adapter import PublicSecurity


class FakePublicSecurity(MemoryAgency):
    """Knows the register it was taught; a wrong name is 'no record', as at the real agency."""

    code = PublicSecurity.code
    items = PublicSecurity.items

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: it was told to fail.
        """
        answer = self.look_up(query)
        if query.item is Item.IDENTITY and answer.outcome is Outcome.HIT:
            matches = answer.facts[FactKey.REGISTERED_NAME].value == query.name
            return answer if matches else Answer.none()
        return answer
