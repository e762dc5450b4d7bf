"""What letters cite beyond a decision's own basis: the articles of the procedure that has one written."""

from datetime import date

from app.awards.laws import Act
from app.awards.laws import laws_of as laws_of_act
from app.letters.kinds import Kind
from app.programs.articles import Articles, law, review
from app.programs.laws import cite

_CITED: dict[Kind, Articles] = {
    Kind.ACCEPTED: (review("第十条"), review("第二十二条")),
    Kind.SUPPLEMENT: (review("第十条"),),
    Kind.ENTRUSTED: (review("第六条"),),
    Kind.REDIRECTED: (review("第四条"), review("第五条")),
    Kind.TERMINATED: (review("第二十九条"),),
    Kind.PROMISED: (review("第九条"), review("第十条")),
    Kind.PROMISE_BROKEN: (review("第九条"), law("第七十三条")),
}


_ACTS = {
    Kind.SUSPENDED: Act.SUSPENDED,
    Kind.RESUMED: Act.RESUMED,
    Kind.STOPPED: Act.STOPPED,
    Kind.REDUCED: Act.REDUCED,
    Kind.RAISED: Act.RAISED,
    Kind.HANDED_OVER: Act.HANDED_OVER,
    Kind.TAKEN_OVER: Act.TAKEN_OVER,
}


def laws_of(kind: Kind, on: date, ground: str | None = None) -> list[str]:
    """List the articles a letter of a kind rests on, as they are in force on a day; of an award, those of the ground,
    too."""
    if kind in _ACTS:
        return laws_of_act(_ACTS[kind], on, ground)
    return list(cite(_CITED[kind], on))
