"""A case that another county goes on with: the household as it was granted, under that county's keys and number.

Nothing is decided here. The other county has a case of its own, so that whoever works there sees it like any other and
no row of it lies under two counties; what the first county found, and how, stays there.
"""

from uuid import UUID

from app.applications.claim_queries import list_claims
from app.applications.claims import FAMILY, family_kind_of
from app.applications.commands.authorisations import record_taken_along
from app.applications.commands.conflicts import Found, register_matches
from app.applications.commands.moving_entrustments import hand_entrustment_over
from app.applications.copying import renamed, same_document, same_member
from app.applications.household import answers_of, applicant_name_of, put_answers
from app.applications.models import Application, Authorisation, Claim
from app.applications.queries import get_whole_application
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id, new_number, new_secret_code
from app.identity.actors import SYSTEM
from app.reference.divisions import area_class_of, county_of


async def copy_case(db: WriteSession, before: Application, village: str) -> tuple[Application, dict[str, str]]:
    """Return the case in its new village, with its members by their ids before and now.

    `before` is loaded whole, locked and granted. Its authorisations are taken along: they hold until the matter is left
    (authorisation form), and it goes on. The address is not: it was another one. The places that its people hold in a
    case go over with it in this transaction, so that at no moment anybody is free to be in two.
    """
    case = _case_of(db, before, village)
    db.add(case)
    await db.flush()
    ids = {member.id: new_id() for member in before.members}
    refs = {str(old): str(new) for old, new in ids.items()}
    if answers := answers_of(db, before):
        put_answers(db, case, renamed(answers, refs))
    for member in before.members:
        row = same_member(db, case, member, ids[member.id])
        row.claimed = member.claimed
        db.add(row)
    await db.flush()
    held = {each.id: _authorisation_of(case, each, ids) for each in before.authorisations if each.withdrawn_at is None}
    db.add_all(held.values())
    db.add_all(same_document(db, case, paper, ids) for paper in before.documents)
    await _take_claims_along(db, before, case)
    await db.flush()
    await record_taken_along(db, held, case.case)
    await hand_entrustment_over(db, before, case)
    whole = await get_whole_application(db, SYSTEM, case.id)
    await register_matches(db, whole, found=Found.DECLARED)
    return whole, refs


def _case_of(db: WriteSession, before: Application, village: str) -> Application:
    row, county, now = new_id(), county_of(village), db.clock.now()
    return Application(
        id=row,
        county=county,
        division=village,
        number=new_number("DB", county, today(db.clock)),
        lookup_code=new_secret_code(8),
        program=before.program,
        form_version=before.form_version,
        status=before.status,
        applicant_id=before.applicant_id,
        applicant_name_sealed=db.vault.seal(
            "applications.applicant_name", row, applicant_name_of(db, before), division=county
        ),
        area_class=area_class_of(village),
        field_versions={},
        created_at=now,
        submitted_at=before.submitted_at,
        accepted_at=before.accepted_at,
        ended_at=now,
    )


def _authorisation_of(case: Application, signed: Authorisation, ids: dict[UUID, UUID]) -> Authorisation:
    return Authorisation(
        id=new_id(),
        county=case.county,
        application_id=case.id,
        member_id=ids[signed.member_id],
        signed_by_member_id=ids.get(signed.signed_by_member_id, ids[signed.member_id]),
        text_version=signed.text_version,
        method=signed.method,
        signed_at=signed.signed_at,
    )


async def _take_claims_along(db: WriteSession, before: Application, case: Application) -> None:
    for claim in await list_claims(db, before.id):
        if claim.kind.startswith(FAMILY):  # its kind is the case's own
            await db.delete(claim)
            db.add(Claim(kind=family_kind_of(case.id), key=claim.key, application_id=case.id, county=case.county))
        else:
            claim.application_id, claim.county = case.id, case.county
