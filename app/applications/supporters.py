"""A supporter as the case knows him: what the form says of him, and what he said to being checked."""

from collections.abc import Sequence
from enum import StrEnum

from app.applications.household import answers_of
from app.applications.models import Application, Authorisation, Member
from app.core.db import ReadSession
from app.programs.declaration import Supporter


class Consent(StrEnum):
    """What a supporter said to being checked."""

    ASKED = "asked"
    AUTHORISED = "authorised"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


def consent_of(person: Member, signed: Sequence[Authorisation]) -> Consent:
    """Return what holds, by all that he ever signed in this case."""
    own = [each for each in signed if each.member_id == person.id]
    if any(each.withdrawn_at is None for each in own):
        return Consent.AUTHORISED
    if person.declined_at is not None:
        return Consent.DECLINED
    return Consent.WITHDRAWN if own else Consent.ASKED


def declared_of(db: ReadSession, application: Application) -> dict[str, Supporter]:
    """Return the supporters of the form by their `ref`, as far as it is filled in."""
    lines = answers_of(db, application).get("supporters") or []
    return {line["ref"]: Supporter.model_validate(line) for line in lines}
