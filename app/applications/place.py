"""Whether an application is where it belongs: the rule of `venue`, over what is kept of the household."""

from uuid import UUID

from app.applications.errors import WrongPlace
from app.applications.household import APPLICANT, hukou_of, is_minor, residence_of
from app.applications.models import Application
from app.applications.venue import Situation, Verdict, is_plain, judge
from app.core.clock import today
from app.core.db import ReadSession
from app.core.errors import Fault
from app.reference.divisions import county_of
from app.reference.procedure import Procedure
from app.reference.queries import name_place
from app.reference.term_queries import load_procedure


async def judge_place(db: ReadSession, application: Application) -> Verdict:
    """Say whether an application, loaded with its members, is where it belongs today; if not, where it does."""
    situation, on = _situation(db, application), today(db.clock)
    # Nearly every household is registered where it applies: nothing is read for it.
    procedure = Procedure() if is_plain(situation) else await load_procedure(db, application.division, on)
    return judge(situation, procedure, on)


def lives_apart(db: ReadSession, application: Application) -> bool:
    """Say whether somebody of an application, loaded with its members, is registered elsewhere than where it is made,
    or lives elsewhere (人户分离)."""
    return not is_plain(_situation(db, application))


def applies_from_afar(db: ReadSession, application: Application) -> bool:
    """Say whether an application, loaded with its members, is made in another county than that in which who applies is
    registered (异地申请)."""
    situation = _situation(db, application)
    return county_of(situation.hukou.get(situation.applicant, situation.division)) != county_of(situation.division)


async def require_right_place(db: ReadSession, application: Application) -> Verdict:
    """Return why an application is where it belongs.

    Raises:
        WrongPlace: it is not; the refusal names the places, and the members who may apply there.
    """
    verdict = await judge_place(db, application)
    if verdict.obstacle is not None:
        raise WrongPlace(
            faults=(Fault("/division", "wrong_place", verdict.obstacle.value),),
            extra={
                "places": [await place_named(db, code) for code in verdict.places],
                "applicants": [str(member) for member in verdict.applicants],
                "law": list(verdict.law),
            },
        )
    return verdict


async def place_named(db: ReadSession, code: str) -> dict[str, str | None]:
    """Return a place with its name, as far as the register knows it."""
    return {"division": code, "name": await name_place(db, code, today(db.clock))}


def _situation(db: ReadSession, application: Application) -> Situation:
    on, members = today(db.clock), application.members
    applicant = next((member.id for member in members if member.relation == APPLICANT), UUID(int=0))
    return Situation(
        division=application.division,
        applicant=applicant,
        hukou={member.id: hukou_of(db, application, member) for member in members},
        adults=frozenset(member.id for member in members if not is_minor(member, on)),
        residence=residence_of(db, application),
    )
