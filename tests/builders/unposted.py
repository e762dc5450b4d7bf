"""A child's case that is not posted, on a ground from the list."""

from app.applications.queries import get_whole_application
from app.core.db import Database
from app.identity.actors import SYSTEM
from app.review.assessing import judge, open_points
from app.review.commands import give_opinion
from app.review.models import Review
from app.review.notice_skipping import SkipGround
from tests.builders.applications import build_household
from tests.builders.review import Office, build_accepted_case, build_office, react, verify, visit
from tests.builders.verification import Case

_WHY = "入户核实：儿童父母均不能履行抚养责任。（测试）"


async def build_child_alone(database: Database) -> tuple[Office, Case]:
    """Make a surveyed case of a child alone, in a family a little above the line."""
    async with database.unit_of_work() as db:
        household = await build_household(db)
    members = {details.relation: str(member) for member, details in household.members}
    wage = {"member": members["spouse"], "kind": "wage", "amount_fen": 125_000, "period": "month", "costs_fen": 0}
    alone = {"member": members["child"], "ground": "special_difficulty"}
    answers = {"income": [wage], "expenses": [], "property": [], "supporters": [], "alone": alone}
    office, case = (
        await build_office(database),
        await build_accepted_case(database, household=household, answers=answers),
    )
    await verify(database, case)
    await visit(database, case, office)
    return office, case


async def opine_on_child(
    database: Database,
    office: Office,
    case: Case,
    *,
    favourable: bool = True,
    ground: SkipGround | None = SkipGround.DE_FACTO_ORPHAN,
) -> Review:
    """Give an opinion that is not posted, unless told otherwise, and let everybody hear of it."""
    async with database.unit_of_work() as db:
        whole = await get_whole_application(db, SYSTEM, case.id)
        reasons = {finding.rule: _WHY for finding in open_points((await judge(db, whole)).judgement)}
        review = await give_opinion(
            db,
            office.reviewer,
            case.id,
            favourable=favourable,
            statement="符合条件。（测试）",
            reasons=reasons,
            skip_notice=ground,
        )
    await react(database, case)
    return review
