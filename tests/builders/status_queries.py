"""Partners that may ask, and households that receive something."""

from collections.abc import Collection
from dataclasses import dataclass

from app.core.db import WriteSession
from app.identity.actors import Actor, Role
from app.status_queries.commands import NewPartner, register_partner
from app.status_queries.grounds import QueryPurpose
from app.status_queries.models import QueryPartner
from tests.builders.applications import COUNTY, VILLAGE, Household, build_household, build_submitted
from tests.builders.awards import Award, Grant, build_award_of
from tests.builders.people import build_staff


@dataclass(frozen=True)
class Asking:
    """A partner that may ask, with its secret and who registered it."""

    partner: QueryPartner
    secret: str
    administrator: Actor

    @property
    def headers(self) -> dict[str, str]:
        """What it shows with each request."""
        return {"Authorization": f"Bearer {self.secret}", "X-Partner": self.partner.code}


async def build_asking(
    db: WriteSession,
    *,
    code: str = "medical_insurance",
    division: str = COUNTY,
    purposes: Collection[QueryPurpose] = tuple(QueryPurpose),
    most_per_day: int = 10_000,
) -> Asking:
    """Register a partner."""
    administrator = await build_staff(db, Role.ADMINISTRATOR, division)
    new = NewPartner(code, "测试县医疗保障局", division, purposes, most_per_day)
    return Asking(*await register_partner(db, administrator, new), administrator)


async def build_receiving(
    db: WriteSession, grant: Grant | None = None, *, household: Household | None = None, village: str = VILLAGE
) -> tuple[Household, Award]:
    """Make a household of three that receives the allowance."""
    household = household or await build_household(db)
    application = await build_submitted(db, household, village=village)
    return household, await build_award_of(db, application, grant)
