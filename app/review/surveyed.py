"""Whether there is anything to judge by yet: the township was at the home, and looks again after an objection."""

from app.core.db import ReadSession
from app.review.errors import HomeVisitMissing, ReSurveyMissing
from app.review.lifecycle import Status
from app.review.models import Review
from app.review.queries import has_home_visit, has_survey_since


async def find_survey_missing(db: ReadSession, review: Review) -> type[HomeVisitMissing | ReSurveyMissing] | None:
    """Name the survey that an opinion waits for (D57 art. 15, 16 and 19); None where there is all it needs."""
    if not await has_home_visit(db, review.application_id, "township"):
        return HomeVisitMissing
    if review.status != Status.RE_SURVEYING or review.re_survey_since is None:
        return None
    since = review.re_survey_since
    return None if await has_survey_since(db, review.application_id, since) else ReSurveyMissing


async def check_surveyed(db: ReadSession, review: Review) -> None:
    """Refuse an opinion on what nobody has seen.

    Raises:
        HomeVisitMissing, ReSurveyMissing: there is nothing to judge by yet.
    """
    missing = await find_survey_missing(db, review)
    if missing is not None:
        raise missing
