"""The report as staff read it: whose record it is, is masked; what the rules need of it stands.

What a register says of name, birth and household number identifies a person as much as the declaration does. A
difference shows all the same: it was found before anything was masked.
"""

from collections.abc import Callable, Mapping
from datetime import date

from app.facts import FactKey
from app.identity.masks import HIDDEN, mask_date, mask_name
from app.verification.report import Content, Entered, Entry, Person
from app.verification.values import PlainValue

MASKS: Mapping[FactKey, Callable[[str], str]] = {
    FactKey.REGISTERED_NAME: mask_name,
    FactKey.BIRTH_DATE: lambda text: mask_date(date.fromisoformat(text)),
    FactKey.HUKOU_HOUSEHOLD: lambda _: HIDDEN,
    FactKey.HUKOU_ADDRESS: lambda _: HIDDEN,
    FactKey.DISABILITY_KIND: lambda _: HIDDEN,  # health: the grade and whether it differs is what the rules need
    FactKey.CHRONIC_DISEASE: lambda _: HIDDEN,
    FactKey.SERIOUS_DISEASE: lambda _: HIDDEN,
    FactKey.MEDICAL_OUT_OF_POCKET_YEAR: lambda _: HIDDEN,  # as what an expense for health is for
    FactKey.SCHOOL_NAME: lambda _: HIDDEN,  # leads to a child
}


def mask_content(content: Content) -> Content:
    """Return the report with masked names, birth dates, household numbers, addresses, schools and health."""
    return content.model_copy(update={"members": tuple(_mask_person(person) for person in content.members)})


def _mask_person(person: Person) -> Person:
    entries = tuple(_mask_entry(entry) for entry in person.entries)
    return person.model_copy(update={"name": mask_name(person.name), "entries": entries})


def _mask_entry(entry: Entry) -> Entry:
    fields = tuple(
        field.model_copy(
            update={"declared": mask_value(field.key, field.declared), "found": mask_value(field.key, field.found)},
        )
        for field in entry.fields
    )
    entered = None if entry.entered is None else _mask_entered(entry.entered)
    return entry.model_copy(update={"fields": fields, "entered": entered})


def _mask_entered(entered: Entered) -> Entered:
    values = tuple(each.model_copy(update={"value": mask_value(each.key, each.value)}) for each in entered.values)
    return entered.model_copy(update={"values": values})


def mask_value(key: FactKey, value: PlainValue | None) -> PlainValue | None:
    """Return a value of a field as staff read it."""
    mask = MASKS.get(key)
    return value if mask is None or value is None else mask(str(value))
