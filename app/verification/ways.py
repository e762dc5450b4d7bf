"""In which way the place of a case asks about an item, and what it has asked beyond what the rules need."""

from app.facts import Item
from app.partners.ways import is_offered, usual_mode
from app.reference.procedure import Local, Mode, Procedure, Setting


def mode_in(procedure: Procedure, item: Item) -> Local:
    """Return how the place asks about an item; a way that its agency does not offer (any more) is the usual one."""
    said = procedure.mode_of(item)
    if said.local and is_offered(Mode(said.value), item):
        return said
    return Local(usual_mode(item).value, said.basis, local=False)


def supporters_items(procedure: Procedure) -> tuple[Item, ...]:
    """Return what a supporter outside the household is asked about on his authorisation, in one fixed order. Only what
    an agency answers by its interface: nobody finds out on paper, or by a file, what one person let be asked."""
    wanted = set(procedure[Setting.SUPPORTERS_ITEMS].value)
    return tuple(item for item in Item if item.value in wanted and mode_in(procedure, item).value == Mode.INTERFACE)


def further_items(procedure: Procedure) -> tuple[Item, ...]:
    """Return what the place has asked beyond what the rules need, in one fixed order."""
    wanted = set(procedure[Setting.ALSO_ASKED].value)
    return tuple(item for item in Item if item.value in wanted)
