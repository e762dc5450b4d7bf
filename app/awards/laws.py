"""Which articles the acts on an award rest on; letters and the citizen's answers cite them alike."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from app.programs.articles import Articles, law, review
from app.programs.laws import cite


class Act(StrEnum):
    """What was done to an award."""

    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RAISED = "raised"
    REDUCED = "reduced"
    STOPPED = "stopped"
    HANDED_OVER = "handed_over"  # another county goes on with it
    TAKEN_OVER = "taken_over"  # from another county


# The procedure: checks are made regularly (D57 31, SAL 46(2)); raising, lowering and stopping need a legal ground and
# the proper procedure (D57 32); lowering and stopping a hearing before and reasons in writing after (SAL 48).
_PROCEDURE: Mapping[Act, Articles] = {
    Act.SUSPENDED: (review("第三十一条第一款"), law("第四十六条第二款")),
    Act.RESUMED: (review("第三十一条第一款"), law("第四十六条第二款")),
    Act.RAISED: (review("第三十二条"),),
    Act.REDUCED: (review("第三十二条"), law("第四十八条")),
    Act.STOPPED: (review("第三十二条"), law("第四十八条")),
    # Who takes a household on confirms and pays, the other county helps (D57 5); what was confirmed is recognised there
    # (SAL 42).
    Act.HANDED_OVER: (review("第五条"), review("第三十条"), review("第三十二条")),
    Act.TAKEN_OVER: (review("第五条"), review("第三十二条"), law("第四十二条")),
}
_OF_AMOUNTS = (review("第二十三条"), law("第十八条第二款"), law("第十九条"))
_OF_CHANGES = (review("第三十条"), law("第四十七条"))
_GROUNDS: Mapping[str, Articles] = {
    "standard": _OF_AMOUNTS,
    "income": _OF_CHANGES,
    "property": _OF_CHANGES,
    "members": _OF_CHANGES,
    "death": _OF_CHANGES,
    "work_refused": (review("第三十四条"),),
    "fraud": (law("第七十三条"),),
    "request": (),
}
# A household is poor that is below the standard of its place (SAL 18(1)), which its government sets (SAL 19).
_OF_BEING_POOR = (law("第十八条第一款"), law("第十九条"))


def laws_of(act: Act, on: date, ground: str | None = None) -> list[str]:
    """List the articles an act rests on, those of its ground first, as they are in force on a day."""
    grounds = _GROUNDS.get(ground or "", ())
    if act is Act.STOPPED and ground == "standard":
        grounds = _OF_BEING_POOR
    return list(cite((*grounds, *_PROCEDURE[act]), on))
