"""A supporter outside the household as who decides reads it: what was declared, what he said, what was found of him."""

from typing import Literal
from uuid import UUID

from app.api.common.reports import EntryOut
from app.api.common.schemas import Out
from app.applications.household import name_of
from app.applications.supporters import Consent
from app.core.db import ReadSession
from app.identity.masks import mask_name
from app.verification.support import Agreement
from app.verification.supporter_findings import SupporterFindings


class SupporterDeclaredOut(Out):
    """What the form says of a supporter. Money is integer fen, `period` that of both amounts; `household_income_fen` is
    null where the household could not say."""

    household_size: int
    household_income_fen: int | None
    support_fen: int
    period: Literal["month", "year"]


class SupporterFindingsOut(Out):
    """A supporter outside the household; the name is masked. `consent`: asked (he has not answered), authorised,
    declined or withdrawn: where nothing was authorised nobody is asked, and who decides looks at what was declared.

    `earned_year_fen`: what agencies know that he earned in twelve months, of him alone and not of his household.
    `agreement`: agrees, or differs: more was found than the form says of his whole household, or he has died; null
    where there is nothing to compare, or not yet.
    """

    member_id: UUID
    supporter_ref: str
    name: str
    relation: str
    consent: Consent
    declared: SupporterDeclaredOut | None
    earned_year_fen: int | None
    agreement: Agreement | None
    items: list[EntryOut]

    @classmethod
    def of(cls, db: ReadSession, found: SupporterFindings) -> "SupporterFindingsOut":
        declared = found.declared
        return cls(
            member_id=found.person.id,
            supporter_ref=found.person.supporter_ref or "",
            name=mask_name(name_of(db, found.person)),
            relation=found.person.relation,
            consent=found.consent,
            declared=None
            if declared is None
            else SupporterDeclaredOut(
                household_size=declared.household_size,
                household_income_fen=declared.household_income_fen,
                support_fen=declared.support_fen,
                period=declared.period,
            ),
            earned_year_fen=found.earned_year_fen,
            agreement=found.agreement,
            items=[EntryOut.of(entry) for entry in found.entries],
        )
