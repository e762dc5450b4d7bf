"""Who may not judge a complaint: whoever worked on the application it is about."""

from uuid import UUID

from app.applications.conflict_queries import is_relative
from app.applications.errors import ConflictOfInterest
from app.complaints.models import Complaint
from app.complaints.queries import refuse_who_acted
from app.core.db import ReadSession
from app.core.errors import SamePersonNotAllowed
from app.review.evidence_queries import list_evidence_letters
from app.review.queries import find_decision, list_appraisals, list_opinions, list_signatures, list_visits
from app.verification.queries import list_enterers


async def refuse_concerned(db: ReadSession, complaint: Complaint, person: UUID) -> None:
    """Refuse a person who gave an opinion on the application, surveyed it, had a hand in an evidence letter, answered
    for an agency or decided it, or did anything else in the case before the complaint came.

    A county visit made after the complaint came is its consequence (D57 art. 20), not what it is about.

    Raises:
        SamePersonNotAllowed: he did.
        ConflictOfInterest: it is the case of a close relative of his.
    """
    if complaint.application_id is None:
        return
    if await is_relative(db, person, complaint.application_id):
        raise ConflictOfInterest
    if person in await _concerned(db, complaint, complaint.application_id):
        raise SamePersonNotAllowed("worked_on_the_application")
    await refuse_who_acted(db, person, complaint)


async def _concerned(db: ReadSession, complaint: Complaint, application_id: UUID) -> set[UUID]:
    consequences = {
        visit.id
        for visit in await list_visits(db, application_id)
        if visit.authority == "county" and visit.recorded_at >= complaint.received_at
    }
    signatures = await list_signatures(db, application_id)
    people = {signature.signer_id for signature in signatures if signature.visit_id not in consequences}
    people |= {opinion.given_by for opinion in await list_opinions(db, application_id)}
    people |= {appraisal.recorded_by for appraisal in await list_appraisals(db, application_id)}
    people |= set(await list_enterers(db, application_id))
    for letter in await list_evidence_letters(db, application_id):
        people |= {hand for hand in (letter.written_by, letter.entered_by, letter.set_aside_by) if hand is not None}
    decision = await find_decision(db, application_id)
    return people | ({decision.decided_by} if decision is not None else set())
