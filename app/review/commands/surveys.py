"""What the survey brings in: visits of township and county, and appraisals after an objection.

A visit of the way `letter` is the record that a letter was sent; whom it asked what, and the answer, stand in
`evidence`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.applications.authorisation_queries import list_guardians
from app.applications.clocks import StepKind
from app.applications.conflict_queries import is_agent_a_relative, is_relative
from app.applications.entrustment_lifecycle import Kind
from app.applications.entrustment_models import Entrustment
from app.applications.entrustment_queries import find_entrustment_of
from app.applications.errors import ConflictOfInterest, EntrustmentNotFound, MemberNotFound
from app.applications.household import APPLICANT, is_minor
from app.applications.models import Application, Member
from app.applications.queries import list_members
from app.applications.steps import close_step, open_step
from app.audit.commands import record_act
from app.core.clock import legal_date, today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.identity.errors import StaffNotFound
from app.identity.models import Staff
from app.identity.queries import find_staff_by_username, get_staff
from app.reference.divisions import covers
from app.reference.procedure import Setting
from app.reference.term_queries import load_procedure
from app.review.commands.opening import lock_review, open_opinion_step
from app.review.errors import (
    AppraisalQuorumMissing,
    HouseholdSignatureMissing,
    InvestigatorNotAllowed,
    RemoteSurveyNotAllowed,
    SurveyDateInvalid,
    TwoInvestigatorsRequired,
)
from app.review.lifecycle import LIFECYCLE, Action, Status
from app.review.models import Appraisal, Review, Visit, VisitSignature
from app.review.queries import AT_HOME, has_home_visit

HOME = "home"
REMOTE = "phone_video"
LETTER = "letter"
WAYS = (HOME, "neighbour", LETTER, REMOTE)  # D57 art. 16
TOWNSHIP, COUNTY = "township", "county"

# The village assists (D57 art. 16): its helper may be the second of a team, never the one who records.
_TEAMS = {
    TOWNSHIP: frozenset({Role.TOWNSHIP_HANDLER, Role.TOWNSHIP_REVIEWER, Role.VILLAGE_HELPER}),
    COUNTY: frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER}),
}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class VisitDetails:
    """One visit as recorded. `investigators`: the others of the team, by user name or id; who records is one of them.

    `present`: the members of the household who were there and signed; of a visit to the home, or one by telephone in
    its place, among them one of full capacity, where the household has one. `agent_present`: who acted for the
    household on that day, by an entrustment in force or as guardian, was there and signed. That is as good, unless he
    is staff: the office's own side does not sign for the household that it visits.
    """

    way: str
    visited_on: date
    findings: str
    investigators: Sequence[str]
    present: Sequence[UUID] = field(default=())
    agent_present: bool = False


@dataclass(frozen=True)
class AppraisalDetails:
    """An appraisal as recorded: who took part, by their number, and what they concluded and signed."""

    held_on: date
    township_staff: int
    village_officials: int
    informed_members: int
    representatives: int
    supports: bool
    conclusion: str


async def record_visit(db: WriteSession, actor: Actor, application_id: UUID, details: VisitDetails) -> Review:
    """Keep what a township team saw. The first act of any kind begins the survey (D57 art. 15); that of a visit to the
    home, or one by telephone in its place, completes it.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        TwoInvestigatorsRequired, InvestigatorNotAllowed, StaffNotFound: the team is not one.
        ConflictOfInterest: one of them is a close relative of the household, or of who acts for it.
        MemberNotFound, HouseholdSignatureMissing, SurveyDateInvalid, RemoteSurveyNotAllowed: see their words.
        EntrustmentNotFound: an agent is said to have signed, and nobody acted for this household on that day.
    """
    application, review = await lock_review(db, actor, application_id)
    step = LIFECYCLE.step(review.status, Action.RECORD_VISIT, actor.role)
    await keep_visit(db, actor, application, review, TOWNSHIP, details)
    review.status = step.target
    await note_survey(db, actor, application, review, details.way)
    return review


async def note_survey(db: WriteSession, actor: Actor, application: Application, review: Review, way: str) -> None:
    """Move the steps of a case on after an act of survey by the township."""
    await close_step(db, application, StepKind.SURVEY, "visited" if way in AT_HOME else "started", by=actor)
    if way in AT_HOME:
        await close_step(db, application, StepKind.HOME_VISIT, "visited", by=actor)
    elif review.status == Status.SURVEYING and not await has_home_visit(db, application.id, TOWNSHIP):
        await open_step(db, application, StepKind.HOME_VISIT)
    await open_opinion_step(db, application, review)


async def record_county_visit(db: WriteSession, actor: Actor, application_id: UUID, details: VisitDetails) -> Review:
    """Keep what a county team saw (D57 art. 20); who visits does not decide.

    Raises:
        The same refusals as `record_visit`.
    """
    application, review = await lock_review(db, actor, application_id)
    step = LIFECYCLE.step(review.status, Action.RECORD_COUNTY_VISIT, actor.role)
    await keep_visit(db, actor, application, review, COUNTY, details)
    review.status = step.target
    return review


async def record_appraisal(db: WriteSession, actor: Actor, application_id: UUID, details: AppraisalDetails) -> Review:
    """Keep the conclusion of a democratic appraisal, which is held only after an objection (D57 art. 19).

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        AppraisalQuorumMissing, SurveyDateInvalid: see their words.
    """
    application, review = await lock_review(db, actor, application_id)
    step = LIFECYCLE.step(review.status, Action.RECORD_APPRAISAL, actor.role)
    _check_date(db, application, details.held_on)
    _check_quorum(details)
    row_id = new_id()
    appraisal = Appraisal(
        id=row_id,
        county=application.county,
        division=application.division,
        application_id=application.id,
        review_id=review.id,
        held_on=details.held_on,
        township_staff=details.township_staff,
        village_officials=details.village_officials,
        informed_members=details.informed_members,
        representatives=details.representatives,
        supports=details.supports,
        conclusion_sealed=db.vault.seal("appraisals.conclusion", row_id, details.conclusion, division=review.county),
        recorded_by=actor.id,
        recorded_at=db.clock.now(),
    )
    db.add(appraisal)
    review.status = step.target
    await record_act(db, actor, "review.appraisal", "application", application.id, row=appraisal, case=application.case)
    return review


async def keep_visit(
    db: WriteSession, actor: Actor, application: Application, review: Review, authority: str, details: VisitDetails
) -> Visit:
    """Keep an act of survey with the signatures of its team, and of the members, or the agent, who were there.

    Raises:
        The same refusals as `record_visit`.
    """
    _check_date(db, application, details.visited_on)
    await _check_way(db, application, details)
    entrustment = await find_entrustment_of(db, application.id)
    team = await _team(db, actor, application, authority, details.investigators, entrustment)
    agents = _agents(entrustment, details.visited_on) if details.agent_present else []
    present = await _present(db, application, details, entrustment)
    row_id = new_id()
    visit = Visit(
        id=row_id,
        county=application.county,
        division=application.division,
        application_id=application.id,
        review_id=review.id,
        authority=authority,
        way=details.way,
        visited_on=details.visited_on,
        findings_sealed=db.vault.seal("visits.findings", row_id, details.findings, division=review.county),
        recorded_by=actor.id,
        recorded_at=db.clock.now(),
    )
    db.add(visit)
    await db.flush()
    for kind, signers in (("investigator", team), ("member", present), ("agent", agents)):
        for signer in signers:
            db.add(
                VisitSignature(
                    id=new_id(),
                    county=application.county,
                    application_id=application.id,
                    visit_id=row_id,
                    signer_kind=kind,
                    signer_id=signer,
                    method="electronic" if signer == actor.id else "on_form",
                )
            )
    await record_act(
        db, actor, "review.visit", "application", application.id, row=visit, case=application.case, way=details.way
    )
    return visit


async def _team(
    db: WriteSession,
    actor: Actor,
    application: Application,
    authority: str,
    others: Sequence[str],
    entrustment: Entrustment | None,
) -> list[UUID]:
    team = [actor.id]
    for name in others:
        staff = await _find_staff(db, name)
        roles = _TEAMS[authority]
        if staff.disabled_at or staff.role not in roles or not covers(staff.division, application.division):
            raise InvestigatorNotAllowed
        if await is_relative(db, staff.id, application.id):
            raise ConflictOfInterest
        team.append(staff.id)
    team = list(dict.fromkeys(team))
    if len(team) < 2:
        raise TwoInvestigatorsRequired
    # What he entered is looked into, also where he acts no more.
    if entrustment is not None and await is_agent_a_relative(db, team, entrustment):
        raise ConflictOfInterest
    return team


async def _find_staff(db: WriteSession, name: str) -> Staff:
    if _UUID.fullmatch(name):
        return await get_staff(db, UUID(name))
    found = await find_staff_by_username(db, name)
    if found is None:
        raise StaffNotFound
    return found


def _agents(entrustment: Entrustment | None, on: date) -> list[UUID]:
    """Return who acted for the household on a day: what he signed then is signed by whom he acted for (civil code art.
    161-163), whatever became of it since."""
    if entrustment is None or not _was_in_force(entrustment, on):
        raise EntrustmentNotFound
    return [entrustment.agent_id]


def _was_in_force(entrustment: Entrustment, on: date) -> bool:
    since, until = entrustment.confirmed_at, entrustment.ended_at
    return since is not None and legal_date(since) <= on and (until is None or on <= legal_date(until))


async def _present(
    db: WriteSession, application: Application, details: VisitDetails, entrustment: Entrustment | None
) -> list[UUID]:
    present = list(dict.fromkeys(details.present))
    members = await list_members(db, application.id)
    if not {member.id for member in members}.issuperset(present):
        raise MemberNotFound
    # A committee's agent is of the office's own side, as who visits is: he signs beside the household, never for it.
    signed_for = details.agent_present and entrustment is not None and entrustment.agent_kind != "staff"
    if details.way in AT_HOME and not signed_for:
        # Of a household in which nobody can sign for himself whoever was there did, where who acts for it was not.
        able = await _of_full_capacity(db, application, members, details.visited_on, entrustment)
        signers = able or {each.id for each in members}
        if signers.isdisjoint(present):
            raise HouseholdSignatureMissing
    return present


async def _of_full_capacity(
    db: WriteSession,
    application: Application,
    members: Sequence[Member],
    on: date,
    entrustment: Entrustment | None,
) -> set[UUID]:
    """Return who can sign for himself: of age, and not known to act through a guardian (civil code art. 17, 21–23)."""
    wards = set(await list_guardians(db, application.id))
    if entrustment is not None and entrustment.kind == Kind.GUARDIAN:
        wards |= {each.id for each in members if each.relation == APPLICANT}
    return {each.id for each in members if not is_minor(each, on)} - wards


async def _check_way(db: WriteSession, application: Application, details: VisitDetails) -> None:
    """Let telephone and video stand for a visit only on days for which an order of the region allows it (art. 16)."""
    if details.way != REMOTE:
        return
    procedure = await load_procedure(db, application.division, details.visited_on)
    if not procedure[Setting.REMOTE_SURVEY].value:
        raise RemoteSurveyNotAllowed


def _check_date(db: WriteSession, application: Application, day: date) -> None:
    if application.accepted_at is None or not legal_date(application.accepted_at) <= day <= today(db.clock):
        raise SurveyDateInvalid


def _check_quorum(details: AppraisalDetails) -> None:
    everybody = details.township_staff + details.village_officials + details.informed_members + details.representatives
    # At least two thirds of all who take part (domain 1.10, from the rules of 2012, still used).
    if details.township_staff < 1 or details.representatives * 3 < everybody * 2:
        raise AppraisalQuorumMissing
