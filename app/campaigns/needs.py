"""What a campaign asks about everywhere; a review asks in each place also what that place has asked beyond it."""

from app.campaigns.lifecycle import MATCHED, Kind
from app.facts import Item
from app.programs.registry import get_program


def items_of(kind: Kind, program: str) -> list[str]:
    """Return what is asked: of a review all that the program needs, of a match one item of it.

    Raises:
        ProgramUnknown: there is no such program.
    """
    needs = get_program(program).needs
    return [item.value for item in Item if item in needs and MATCHED.get(kind, item) is item]
