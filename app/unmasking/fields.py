"""Which fields are masked, on what, and which posts open them. Who may see the object at all, its own stage says."""

from collections.abc import Mapping
from enum import StrEnum

from app.complaints.lifecycle import HANDLERS
from app.identity.actors import Role
from app.verification.queries import READERS


class MaskedObject(StrEnum):
    """What a field stands on."""

    APPLICATION = "application"
    MEMBER = "member"
    AWARD = "award"
    PAY_LINE = "pay_line"
    COMPLAINT = "complaint"
    OBJECTION = "objection"
    CONFLICT = "conflict"
    DISPUTE = "dispute"
    CORRECTION = "correction"
    EVIDENCE_LETTER = "evidence_letter"


class MaskedField(StrEnum):
    """What can be opened, each by itself."""

    NAME = "name"
    ID_NUMBER = "id_number"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    ADDRESS = "address"
    ACCOUNT = "account"
    ANSWERS = "answers"  # of the form, with the household's own words
    DISABILITY = "disability"
    ILLNESS = "illness"
    REGISTERED_NAME = "registered_name"  # what the household register says, as in the report
    NAMED_PERSON = "named_person"  # whom a household named as its relative on the staff
    REPORTER_NAME = "reporter_name"
    REPORTER_PHONE = "reporter_phone"
    WORDS = "words"  # what people wrote, with the numbers in it


_CASEWORK = frozenset(
    {
        Role.TOWNSHIP_HANDLER,
        Role.TOWNSHIP_REVIEWER,
        Role.TOWNSHIP_CONFIRMER,
        Role.COUNTY_HANDLER,
        Role.COUNTY_CONFIRMER,
        Role.SUPERVISOR,
    }
)
_PAYING = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.FINANCE, Role.SUPERVISOR})
_COUNTY = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR})

ROLES: Mapping[tuple[MaskedObject, MaskedField], frozenset[Role]] = {
    (MaskedObject.APPLICATION, MaskedField.NAME): _CASEWORK,
    (MaskedObject.APPLICATION, MaskedField.PHONE): _CASEWORK,
    (MaskedObject.APPLICATION, MaskedField.ADDRESS): _CASEWORK,
    (MaskedObject.APPLICATION, MaskedField.ACCOUNT): _PAYING,
    (MaskedObject.APPLICATION, MaskedField.ANSWERS): _CASEWORK,
    (MaskedObject.APPLICATION, MaskedField.WORDS): _CASEWORK,
    (MaskedObject.MEMBER, MaskedField.NAME): _CASEWORK,
    (MaskedObject.MEMBER, MaskedField.ID_NUMBER): _CASEWORK,
    (MaskedObject.MEMBER, MaskedField.BIRTH_DATE): _CASEWORK,
    (MaskedObject.MEMBER, MaskedField.DISABILITY): _CASEWORK,
    (MaskedObject.MEMBER, MaskedField.ILLNESS): _CASEWORK,
    (MaskedObject.MEMBER, MaskedField.REGISTERED_NAME): _CASEWORK,
    (MaskedObject.AWARD, MaskedField.NAME): _CASEWORK | _PAYING,
    (MaskedObject.AWARD, MaskedField.PHONE): _CASEWORK,
    (MaskedObject.AWARD, MaskedField.ACCOUNT): _PAYING,
    (MaskedObject.PAY_LINE, MaskedField.NAME): _PAYING,
    (MaskedObject.PAY_LINE, MaskedField.ACCOUNT): _PAYING,
    (MaskedObject.COMPLAINT, MaskedField.REPORTER_NAME): HANDLERS,
    (MaskedObject.COMPLAINT, MaskedField.REPORTER_PHONE): HANDLERS,
    (MaskedObject.OBJECTION, MaskedField.REPORTER_NAME): READERS,
    (MaskedObject.OBJECTION, MaskedField.REPORTER_PHONE): READERS,
    (MaskedObject.CONFLICT, MaskedField.NAMED_PERSON): _COUNTY,
    (MaskedObject.EVIDENCE_LETTER, MaskedField.NAME): _CASEWORK,  # of the addressee
    (MaskedObject.EVIDENCE_LETTER, MaskedField.ADDRESS): _CASEWORK,
    (MaskedObject.AWARD, MaskedField.WORDS): _CASEWORK,
    (MaskedObject.COMPLAINT, MaskedField.WORDS): HANDLERS | {Role.SUPERVISOR},
    (MaskedObject.OBJECTION, MaskedField.WORDS): READERS,
    (MaskedObject.DISPUTE, MaskedField.WORDS): READERS,
    (MaskedObject.CORRECTION, MaskedField.WORDS): _CASEWORK,
}
