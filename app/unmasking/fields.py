"""Which fields are masked, on what, and which posts open them. Who may see the object at all, its own stage says."""

from collections.abc import Mapping
from enum import StrEnum

from app.complaints.lifecycle import HANDLERS
from app.identity.actors import Role
from app.verification.queries import READERS


class ObjectType(StrEnum):
    """What a field stands on."""

    APPLICATION = "application"
    MEMBER = "member"
    AWARD = "award"
    PAY_LINE = "pay_line"
    COMPLAINT = "complaint"
    OBJECTION = "objection"
    CONFLICT = "conflict"


class Field(StrEnum):
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


_CASEWORK = frozenset(
    {
        Role.TOWNSHIP_HANDLER,
        Role.TOWNSHIP_REVIEWER,
        Role.COUNTY_HANDLER,
        Role.COUNTY_CONFIRMER,
        Role.SUPERVISOR,
    }
)
_PAYING = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.FINANCE, Role.SUPERVISOR})
_COUNTY = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR})

ROLES: Mapping[tuple[ObjectType, Field], frozenset[Role]] = {
    (ObjectType.APPLICATION, Field.NAME): _CASEWORK,
    (ObjectType.APPLICATION, Field.PHONE): _CASEWORK,
    (ObjectType.APPLICATION, Field.ADDRESS): _CASEWORK,
    (ObjectType.APPLICATION, Field.ACCOUNT): _PAYING,
    (ObjectType.APPLICATION, Field.ANSWERS): _CASEWORK,
    (ObjectType.MEMBER, Field.NAME): _CASEWORK,
    (ObjectType.MEMBER, Field.ID_NUMBER): _CASEWORK,
    (ObjectType.MEMBER, Field.BIRTH_DATE): _CASEWORK,
    (ObjectType.MEMBER, Field.DISABILITY): _CASEWORK,
    (ObjectType.MEMBER, Field.ILLNESS): _CASEWORK,
    (ObjectType.MEMBER, Field.REGISTERED_NAME): _CASEWORK,
    (ObjectType.AWARD, Field.NAME): _CASEWORK | _PAYING,
    (ObjectType.AWARD, Field.PHONE): _CASEWORK,
    (ObjectType.AWARD, Field.ACCOUNT): _PAYING,
    (ObjectType.PAY_LINE, Field.NAME): _PAYING,
    (ObjectType.PAY_LINE, Field.ACCOUNT): _PAYING,
    (ObjectType.COMPLAINT, Field.REPORTER_NAME): HANDLERS,
    (ObjectType.COMPLAINT, Field.REPORTER_PHONE): HANDLERS,
    (ObjectType.OBJECTION, Field.REPORTER_NAME): READERS,
    (ObjectType.OBJECTION, Field.REPORTER_PHONE): READERS,
    (ObjectType.CONFLICT, Field.NAMED_PERSON): _COUNTY,
}
