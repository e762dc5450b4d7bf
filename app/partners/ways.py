"""In which ways the agencies can be asked about an item."""

from app.facts import Item
from app.partners.registry import answers_by_file, answers_singly
from app.reference.procedure import Mode


def is_offered(mode: Mode, item: Item) -> bool:
    """Say whether an item can be asked about so. On paper anybody can be asked."""
    if mode is Mode.BATCH:
        return answers_by_file(item)
    return mode is Mode.MANUAL or answers_singly(item)


def usual_mode(item: Item) -> Mode:
    """Return how an item is asked about where no place has said anything: singly, where its agency answers so."""
    return Mode.INTERFACE if answers_singly(item) else Mode.BATCH
