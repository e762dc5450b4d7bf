"""The disabled persons' federation in memory."""

from app.partners.disabled_federation.adapter import DisabledFederation
from app.partners.memory import AnsweringAgency


class FakeDisabledFederation(AnsweringAgency):
    """Knows the register it was taught."""

    code = DisabledFederation.code
    items = DisabledFederation.items
