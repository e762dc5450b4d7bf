"""What a household may be refused on where the rules speak for it: a closed list, each ground with its law.

The rules judge what was declared and what registers say. Only what a person found beside that can lawfully stand
against them: that the household's circumstances (D57 art. 12–14), or who lives in it (art. 7), are not as declared, or
that it hid or invented something (art. 9, 社会救助法 art. 40); and that what the rules leave open, and the township has
settled for the household, is not so. An opinion of the village is none of these. Who refuses
to cooperate is not refused either: the procedure is ended (art. 29). No law of those the procedure rests on speaks of
what was given away, so it is no ground of its own: what is missing from the declaration is.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.applications.promise_lifecycle import Status as PromiseStatus
from app.applications.promise_queries import has_promise
from app.core.db import ReadSession
from app.core.errors import Fault
from app.programs.articles import Articles, law, review
from app.programs.explaining import Stored, not_met
from app.programs.laws import cite
from app.programs.texts import Text
from app.review.errors import RefusalUngrounded
from app.review.reasons import SUBSTANCE, has_substance


class RefusalGround(StrEnum):
    """What was found that stands against a household though the rules do not."""

    MEMBERS_DIFFER = "members_differ"
    INCOME_DIFFERS = "income_differs"
    PROPERTY_DIFFERS = "property_differs"
    NOT_TRUTHFUL = "not_truthful"
    OPEN_CONDITION = "open_condition"


WORDS: Mapping[RefusalGround, Text] = {
    RefusalGround.MEMBERS_DIFFER: Text(
        "经调查核实，共同生活的家庭成员情况与申报不符，不符合规定条件",
        "It was found that the members of the household are not as declared, and that it does not qualify",
    ),
    RefusalGround.INCOME_DIFFERS: Text(
        "经调查核实，家庭收入状况与申报不符，不符合规定条件",
        "It was found that the income is not as declared, and that the household does not qualify",
    ),
    RefusalGround.PROPERTY_DIFFERS: Text(
        "经调查核实，家庭财产状况与申报不符，不符合规定条件",
        "It was found that the property is not as declared, and that the household does not qualify",
    ),
    RefusalGround.NOT_TRUTHFUL: Text(
        "经调查核实，申请时隐瞒或者提供虚假情况，不符合规定条件",
        "It was found that the application hides or invents something, and that the household does not qualify",
    ),
    RefusalGround.OPEN_CONDITION: Text(
        "规则不能确定的条件，经审查不能认定符合规定",
        "A condition that the rules leave open was not found to be met",
    ),
}
_LAWS: Mapping[RefusalGround, Articles] = {
    RefusalGround.MEMBERS_DIFFER: (review("第七条"), review("第十六条")),
    RefusalGround.INCOME_DIFFERS: (review("第十二条"), review("第十三条"), review("第十六条")),
    RefusalGround.PROPERTY_DIFFERS: (review("第十四条"), review("第十六条")),
    RefusalGround.NOT_TRUTHFUL: (review("第九条"), law("第四十条")),
    RefusalGround.OPEN_CONDITION: (review("第二十条"),),  # beside those of the condition, which the decision cites
}


def laws_of_ground(ground: RefusalGround, on: date) -> list[str]:
    """List the articles a ground rests on, as they are in force on a day."""
    return list(cite(_LAWS[ground], on))


async def require_grounded(
    db: ReadSession,
    application_id: UUID,
    assessment: Stored,
    ground: RefusalGround | None,
    reasons: Mapping[str, str],
    *,
    settled: bool = False,
) -> None:
    """Refuse to go against a household that the rules speak for, unless it is said on what ground, and why.

    The rules speak against it where a condition failed or is open, by the judgement as an assessment keeps it: made of
    the newest report, it holds whatever result was told and still stands. So does a broken promise. `settled`: a
    favourable opinion has settled for the household what was open, and who decides otherwise says so. What a neighbour,
    or whoever was asked by letter, said does not speak against it by itself: who relies on it names what it comes to,
    so that the household reads it. `reasons`: what was written, by the pointer it stands at.

    Raises:
        RefusalUngrounded: it is not said, or says nothing; or `open_condition`, and the rules leave nothing open.
    """
    findings = not_met(assessment["findings"])
    if ground is RefusalGround.OPEN_CONDITION and not any(finding["met"] is None for finding in findings):
        raise RefusalUngrounded(faults=(Fault("/ground", "not_expected", "nothing_open"),))
    nothing_to_pay = assessment["monthly_amount_fen"] == 0  # then nobody could be favoured, either
    if not settled and (findings or nothing_to_pay):
        return
    if await has_promise(db, application_id, PromiseStatus.BROKEN):
        return
    faults = [] if ground else [Fault("/ground", "required", "ground")]
    faults += [
        Fault(pointer, "too_short", "ground", least=SUBSTANCE)
        for pointer, reason in reasons.items()
        if not has_substance(reason)
    ]
    if faults:
        raise RefusalUngrounded(faults=tuple(faults))
