"""What the registers' answers say in the words of the form. Pure.

Only what a register knows as the form asks it: how many dwellings and vehicles, what pension is drawn, what the
certificate says, where one is registered. A contribution base is no wage, and what taxes were paid on no income of the
last twelve months: those are compared later and never filled in.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from app.applications.prefilling import ADDRESS, LISTS, Told, of_member
from app.facts import Fact, FactKey, Item

PREFILLING = 0
"""The round of what is asked for a draft's sake; after acceptance the rounds count from one."""

PREFILL = frozenset(
    {
        Item.HOUSEHOLD_REGISTER,
        Item.MARRIAGE,  # tells whether a spouse has to be listed; the form has no field for it
        Item.DISABILITY,
        Item.REAL_ESTATE,
        Item.VEHICLES,
        Item.SOCIAL_INSURANCE,
    }
)
"""What is asked while a draft is written; what takes days, or is not for the citizen to state, after acceptance."""

_OWNED = {FactKey.DWELLING_COUNT: "dwelling", FactKey.VEHICLE_COUNT: "vehicle"}
_DRAWN = {FactKey.PENSION_MONTHLY: "养老金", FactKey.UNEMPLOYMENT_MONTHLY: "失业保险金"}


def told_by(item: Item, facts: Mapping[FactKey, Fact], member_id: UUID, division: str) -> list[Told]:
    """Return what an answer fills in about the applicant, who lives where she is registered unless she says otherwise.
    `division`: where the household applies."""
    values = {key: fact.value for key, fact in facts.items()}
    return [
        Told(pointer=pointer, value=value, item=item, source=facts[key].source, as_of=facts[key].as_of)
        for pointer, value, key in _fields(item, values, member_id, division)
    ]


def _fields(
    item: Item, values: Mapping[FactKey, Any], member_id: UUID, division: str
) -> Iterator[tuple[str, Any, FactKey]]:
    ref = str(member_id)
    if item is Item.HOUSEHOLD_REGISTER:
        registered, address = values.get(FactKey.HUKOU_DIVISION), values.get(FactKey.HUKOU_ADDRESS)
        if registered and registered != division:
            yield of_member(member_id, "hukou_division"), registered, FactKey.HUKOU_DIVISION
        elif address:
            yield ADDRESS, address, FactKey.HUKOU_ADDRESS
    if item is Item.DISABILITY and FactKey.DISABILITY_KIND in values and FactKey.DISABILITY_GRADE in values:
        told = {"kind": values[FactKey.DISABILITY_KIND], "grade": values[FactKey.DISABILITY_GRADE]}
        yield of_member(member_id, "disability"), told, FactKey.DISABILITY_KIND
    for key, kind in _OWNED.items():
        if values.get(key):
            yield f"{LISTS}property", {"kind": kind, "owner": ref, "count": values[key]}, key
    for key, detail in _DRAWN.items():
        if values.get(key):
            line = {"member": ref, "kind": "transfer", "detail": detail, "amount_fen": values[key], "period": "month"}
            yield f"{LISTS}income", line, key
