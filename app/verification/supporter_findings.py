"""The part of a household's report about supporters outside it: who is named, what each said, what was found.

It is read as things are, and not drawn up with the report: nobody waits for a supporter, and a decision does not rest
on it. What was found stays on its checks and is not overwritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.applications.models import Application, Authorisation, Member
from app.applications.supporter_queries import list_consents, list_supporters
from app.applications.supporters import Consent, consent_of, declared_of
from app.core.clock import today
from app.core.db import ReadSession
from app.facts import Fact, FactKey, Item
from app.programs.declaration import Supporter
from app.reference.procedure import Setting
from app.reference.term_queries import load_procedure
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.queries import facts_found, list_supporters_checks
from app.verification.report import Entry, write_entry
from app.verification.support import Agreement, compare_support, earned_in_a_year


@dataclass(frozen=True)
class SupporterFindings:
    """One supporter. `earned_year_fen`: what agencies know that he earned in twelve months; None before they have
    answered. `signed`: everything that he ever signed in this case."""

    person: Member
    consent: Consent
    signed: Sequence[Authorisation]
    declared: Supporter | None
    entries: tuple[Entry, ...]
    earned_year_fen: int | None
    agreement: Agreement | None


async def read_supporters(
    db: ReadSession, application: Application, only: Sequence[Member] | None = None
) -> list[SupporterFindings]:
    """Return what stands about the supporters of a case, or about some of them; who may read which of it is the
    caller's to see to."""
    people = list(only) if only is not None else await list_supporters(db, application.id)
    if not people:
        return []
    signed = await list_consents(db, [each.id for each in people])
    checks = await list_supporters_checks(db, application.id)
    procedure = await load_procedure(db, application.division, today(db.clock))
    declared, valid_days = declared_of(db, application), procedure[Setting.REPORT_VALID_DAYS].value
    return [
        _about(
            db,
            person,
            [each for each in signed if each.member_id == person.id],
            declared.get(person.supporter_ref or ""),
            {Item(check.item): check for check in checks if check.member_id == person.id},
            valid_days,
        )
        for person in people
    ]


def _about(
    db: ReadSession,
    person: Member,
    signed: Sequence[Authorisation],
    declared: Supporter | None,
    latest: Mapping[Item, Check],
    valid_days: int,
) -> SupporterFindings:
    found = {item: facts_found(db, check) for item, check in latest.items()}
    answered = {item for item, check in latest.items() if check.status == Status.ANSWERED}
    facts: dict[FactKey, Fact] = {key: fact for item in answered for key, fact in found[item].items()}
    return SupporterFindings(
        person=person,
        consent=consent_of(person, signed),
        signed=signed,
        declared=declared,
        entries=tuple(
            write_entry(item, latest[item], found[item], {}, {}, valid_days) for item in Item if item in latest
        ),
        earned_year_fen=earned_in_a_year(facts) if answered else None,
        agreement=compare_support(declared, facts, answered),
    )


def accounts_of(findings: Sequence[SupporterFindings]) -> list[UUID]:
    """Return the accounts of those about whom agencies were asked: a look at it is theirs to know of."""
    return [
        each.signed[-1].signed_by_citizen_id
        for each in findings
        if each.entries and each.signed[-1].signed_by_citizen_id
    ]
