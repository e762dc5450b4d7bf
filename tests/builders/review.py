"""Households between acceptance and decision, and the staff who carry them there."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.applications.commands import accept_application, edit_draft, submit_application
from app.applications.events import ApplicationAccepted, ApplicationTerminated, ApplicationWithdrawn
from app.applications.models import ApplicationStep
from app.applications.queries import list_steps
from app.core.clock import today
from app.core.db import Database
from app.events.base import Event, rebuild
from app.events.queries import list_subject_events
from app.facts import Answer, Fact, FactKey, Item, Outcome, Value
from app.identity.actors import SYSTEM, Actor, Role
from app.identity.queries import get_staff
from app.notices.amounts import Amount
from app.notices.commands import post_award
from app.notices.jobs import (
    end_notices,
    post_notice,
    take_decided_notices_down,
    take_notices_down,
    take_void_notices_down,
)
from app.review.check_result_lifecycle import Status as ResultStatus
from app.review.check_result_queries import find_open_check_result
from app.review.commands import (
    AppraisalDetails,
    VisitDetails,
    accept_result,
    confirm,
    give_opinion,
    record_appraisal,
    record_county_visit,
    record_visit,
    refuse,
)
from app.review.events import DecisionMade, OpinionGiven, ReviewSentBack
from app.review.grounds import RefusalGround
from app.review.jobs import start_review, stop_review, take_up_report
from app.review.models import Decision, Review
from app.review.queries import find_review
from app.verification.commands import open_application_checks, record_answer
from app.verification.events import VerificationCompleted
from app.verification.report_jobs import end_disputes, settle_by_new_report
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE, Household, build_draft, build_household
from tests.builders.people import build_staff
from tests.builders.verification import AS_OF, Case, give_up

AMOUNT = 113_750  # three persons, nothing to live on, 4,550 yuan a year each
Found = Mapping[tuple[str, Item], Mapping[FactKey, Value]]
DWELLING: Mapping[FactKey, Value] = {FactKey.DWELLING_COUNT: 1, FactKey.DWELLING_AREA: 600_000}

_REACTIONS: Mapping[type[Event], Sequence[Callable[[Database, Any], Awaitable[None]]]] = {
    ApplicationAccepted: [start_review],
    VerificationCompleted: [take_up_report, settle_by_new_report],
    OpinionGiven: [post_notice],
    ReviewSentBack: [take_void_notices_down],
    DecisionMade: [take_decided_notices_down],
    ApplicationWithdrawn: [end_disputes, stop_review, take_notices_down],
    ApplicationTerminated: [end_disputes, stop_review, take_notices_down],
}


@dataclass(frozen=True)
class Office:
    """The staff of one township and its county."""

    handler: Actor
    second: Actor
    reviewer: Actor
    helper: Actor
    county_1: Actor
    county_2: Actor
    confirmer: Actor


async def build_office(database: Database) -> Office:
    """Make the staff that one application needs."""
    async with database.unit_of_work() as db:
        return Office(
            handler=await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP),
            second=await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP),
            reviewer=await build_staff(db, Role.TOWNSHIP_REVIEWER, TOWNSHIP),
            helper=await build_staff(db, Role.VILLAGE_HELPER, VILLAGE),
            county_1=await build_staff(db, Role.COUNTY_HANDLER, COUNTY),
            county_2=await build_staff(db, Role.COUNTY_HANDLER, COUNTY),
            confirmer=await build_staff(db, Role.COUNTY_CONFIRMER, COUNTY),
        )


async def build_accepted_case(
    database: Database,
    *,
    household: Household | None = None,
    answers: Mapping[str, Any] | None = None,
    relative_of_staff: bool = False,
) -> Case:
    """Make an accepted application; nobody was asked or visited yet."""
    async with database.unit_of_work() as db:
        household = household or await build_household(db)
        application = await build_draft(db, household)
        if answers:
            await edit_draft(
                db, household.applicant, application.id, {"answers": dict(answers)}, seen=application.version
            )
        await submit_application(db, household.applicant, application.id, truth_promised=True)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        await accept_application(db, handler, application.id, relative_of_staff=relative_of_staff)
    return Case(application.id, household, handler)


async def verify(
    database: Database, case: Case, found: Found | None = None, *, silent: Collection[tuple[str, Item]] = ()
) -> None:
    """Let every agency answer at once: `found` by relation and item, everybody on the register, else no record.

    `silent`: what was asked in vain, and given up.
    """
    register = {("self", Item.HOUSEHOLD_REGISTER): {FactKey.HUKOU_DIVISION: VILLAGE}}
    relations = {case.member(relation): relation for relation in ("self", "spouse", "child") if _has(case, relation)}
    answers = {**register, **(found or {})}
    async with database.unit_of_work() as db:
        checks = await open_application_checks(db, case.id)
    for check in checks:
        if (relations.get(check.member_id, ""), check.item) in silent:
            await give_up(database, check)
    async with database.unit_of_work() as db:
        for check in checks:
            if (relations.get(check.member_id, ""), check.item) in silent:
                continue
            facts = answers.get((relations.get(check.member_id, ""), Item(check.item)))
            await record_answer(db, SYSTEM, check.id, _answer(facts) if facts else Answer.none())
    await react(database, case)


def _has(case: Case, relation: str) -> bool:
    return any(details.relation == relation for _, details in case.household.members)


def _answer(facts: Mapping[FactKey, Value]) -> Answer:
    return Answer(Outcome.HIT, {key: Fact(key, value, "register", AS_OF) for key, value in facts.items()})


async def build_verified(
    database: Database,
    *,
    household: Household | None = None,
    answers: Mapping[str, Any] | None = None,
    relative_of_staff: bool = False,
    owns_a_dwelling: bool = False,
) -> Case:
    """Make an accepted application whose report is there. A dwelling is what no rule of the region covers."""
    case = await build_accepted_case(
        database, household=household, answers=answers, relative_of_staff=relative_of_staff
    )
    await verify(database, case, {("self", Item.REAL_ESTATE): DWELLING} if owns_a_dwelling else None)
    return case


async def household_with_income(database: Database, yuan: int) -> tuple[Household, dict[str, Any]]:
    """Make a household whose applicant declares a wage a month, and nothing else; with its answers."""
    async with database.unit_of_work() as db:
        household = await build_household(db)
    member = str(household.members[0][0])
    line = {"member": member, "kind": "wage", "amount_fen": yuan * 100, "period": "month", "costs_fen": 0}
    return household, {"income": [line], "expenses": [], "property": [], "supporters": []}


async def react(database: Database, case: Case) -> None:
    """Let all stages hear everything that was ever told about a case: heard again, it must change nothing."""
    async with database.reading() as db:
        records = await list_subject_events(db, case.id)
    for record in records:
        event = rebuild(record.type, record.subject, record.county, record.data)
        for reaction in _REACTIONS.get(type(event), ()):
            await reaction(database, event)


async def username_of(database: Database, actor: Actor) -> str:
    """Return the user name of a member of staff."""
    async with database.reading() as db:
        return (await get_staff(db, actor.id)).username


def visit_of(case: Case, database: Database, second: Actor, **given: Any) -> VisitDetails:
    """Describe a visit to the home today, with the applicant present."""
    values = {
        "way": "home",
        "visited_on": today(database.clock),
        "findings": "家中三口人，土坯房两间，无大件电器。",
        "investigators": [str(second.id)],
        "present": [case.member("self")],
    }
    return VisitDetails(**{**values, **given})


async def visit(database: Database, case: Case, office: Office, **given: Any) -> Review:
    """Let two handlers of the township visit."""
    async with database.unit_of_work() as db:
        return await record_visit(db, office.handler, case.id, visit_of(case, database, office.second, **given))


async def county_visit(database: Database, case: Case, office: Office, **given: Any) -> Review:
    """Let two handlers of the county visit."""
    async with database.unit_of_work() as db:
        details = visit_of(case, database, office.county_2, **given)
        return await record_county_visit(db, office.county_1, case.id, details)


def appraisal_on(day: date, **given: Any) -> AppraisalDetails:
    """Describe an appraisal with just enough representatives."""
    values = {
        "held_on": day,
        "township_staff": 1,
        "village_officials": 2,
        "informed_members": 1,
        "representatives": 8,
        "supports": True,
        "conclusion": "参评人员认为申报情况属实。",
    }
    return AppraisalDetails(**{**values, **given})


async def appraise(database: Database, case: Case, office: Office, **given: Any) -> Review:
    """Hold an appraisal today."""
    async with database.unit_of_work() as db:
        return await record_appraisal(db, office.handler, case.id, appraisal_on(today(database.clock), **given))


async def opine(
    database: Database,
    case: Case,
    office: Office,
    *,
    favourable: bool = True,
    reasons: Mapping[str, str] | None = None,
) -> Review:
    """Let the reviewer give an opinion, and everybody hear of it; the household lets stand what was found against
    it. One against a household that the rules speak for rests on what the visit found."""
    await let_results_stand(database, case)
    async with database.unit_of_work() as db:
        review = await give_opinion(
            db,
            office.reviewer,
            case.id,
            favourable=favourable,
            statement="经入户调查和信息核对，情况属实。",
            reasons=reasons or {},
            ground=None if favourable else RefusalGround.PROPERTY_DIFFERS,
        )
    await react(database, case)
    return review


async def let_results_stand(database: Database, case: Case) -> None:
    """Let the household accept what it was told speaks against it, where anything does."""
    async with database.unit_of_work() as db:
        told = await find_open_check_result(db, case.id)
        if told is not None and told.status == ResultStatus.TOLD:
            await accept_result(db, case.applicant, case.id, told.id)


async def decide(database: Database, case: Case, office: Office) -> Decision:
    """Let the confirmer grant, everybody hear of it, and the village read it, as when the award opens."""
    async with database.unit_of_work() as db:
        decision = await confirm(db, office.confirmer, case.id)
    await react(database, case)
    assert decision.first_month is not None, "it was granted"
    async with database.unit_of_work() as db:
        await post_award(db, case.id, [Amount(decision.monthly_amount_fen, decision.first_month)])
    return decision


async def review_of(database: Database, case: Case) -> Review:
    """Return the review as it stands."""
    async with database.reading() as db:
        found = await find_review(db, case.id)
    assert found is not None
    return found


async def steps_of(database: Database, case_id: UUID) -> dict[str, ApplicationStep]:
    """Return the latest step of each kind."""
    async with database.reading() as db:
        return {step.kind: step for step in await list_steps(db, case_id)}


async def open_kinds(database: Database, case: Case) -> set[str]:
    """Return the kinds of the steps that are open."""
    async with database.reading() as db:
        return {step.kind for step in await list_steps(db, case.id) if step.closed_at is None}


SETTLED = "唯一住房，为维持基本生活所必需。"
REASONS = ["家庭财产状况不符合规定。"]


async def with_county(database, clock, office, **given):
    """Bring a case before the county: no objection came."""
    case = await build_verified(database, **given)
    await visit(database, case, office)
    reasons = {"property_has_a_limit": SETTLED} if given.get("owns_a_dwelling") else {}
    await opine(database, case, office, reasons=reasons)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    return case


async def decide_as(database, actor, case, what):
    """Confirm or refuse as a given person."""
    async with database.unit_of_work() as db:
        if what == "confirm":
            return await confirm(db, actor, case.id)
        return await refuse(db, actor, case.id, reasons=REASONS, ground=RefusalGround.PROPERTY_DIFFERS)
