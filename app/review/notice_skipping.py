"""When a favourable opinion is not posted in the village: on a ground from a closed list, never by a silent flag.

The law has every favourable opinion posted (review measures art. 19). Only for children whom a posting would expose do
other rules say otherwise; the list is theirs, and no place adds to it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from app.core.age import full_years
from app.programs.assessment import Assessment
from app.programs.case import Case
from app.programs.declaration import MemberFacts
from app.programs.membership import ADULT_AT, why_absent


class SkipGround(StrEnum):
    """Why nothing is posted."""

    ORPHAN = "orphan"  # 孤儿
    DE_FACTO_ORPHAN = "de_facto_orphan"  # 事实无人抚养儿童


NOT_POSTED = "not_posted_"  # how the step of a notice that never hung ended, before its ground

BASIS: Mapping[SkipGround, str] = {
    SkipGround.ORPHAN: "国务院办公厅关于加强孤儿保障工作的意见",
    SkipGround.DE_FACTO_ORPHAN: "关于进一步加强事实无人抚养儿童保障工作的意见（2019年）",
}


def may_concern(members: Sequence[MemberFacts], beneficiaries: Collection[str], on: date) -> bool:
    """Say whether nobody of full age counts for certain, by what was declared: else no ground of the list can hold.

    Who applies counts by law unless away, and so does the one for whom alone it is applied; of other adults a rule of
    the province may say otherwise, and the case tells.
    """
    there = [each for each in members if each.ref in beneficiaries and why_absent(each, on) is None]
    adults = [each for each in there if full_years(each.birth_date, on) >= ADULT_AT]
    sure = {each.ref for each in there if each.relation == "self" or len(beneficiaries) == 1}
    return len(adults) < len(there) and not any(each.ref in sure for each in adults)


def may_be_skipped(case: Case[Any], judgement: Assessment, ground: SkipGround) -> bool:
    """Say whether everybody whom the allowance is for is a child, and for an orphan, not the applicant's own."""
    counted = {member.ref for member in judgement.members if member.counted}
    people = [member for member in case.members if member.ref in counted]
    if ground is SkipGround.ORPHAN and any(member.relation == "child" for member in people):
        return False
    return bool(people) and all(full_years(member.birth_date, judgement.on) < ADULT_AT for member in people)
