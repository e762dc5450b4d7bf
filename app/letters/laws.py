"""What letters cite beyond a decision's own basis: the articles of the procedure that has one written."""

from datetime import date

from app.letters.kinds import Kind
from app.programs.articles import Articles, law, review
from app.programs.laws import cite

_CITED: dict[Kind, Articles] = {
    Kind.ACCEPTED: (review("第十条"), review("第二十二条")),
    Kind.SUPPLEMENT: (review("第十条"),),
    Kind.REDIRECTED: (review("第四条"), review("第五条")),
    Kind.TERMINATED: (review("第二十九条"),),
    Kind.SUSPENDED: (review("第三十一条"),),
    Kind.RESUMED: (review("第三十一条"),),
    Kind.STOPPED: (review("第三十二条"), law("第四十七条"), law("第四十八条")),
}


def laws_of(kind: Kind, on: date) -> list[str]:
    """List the articles a letter of a kind rests on, as they are in force on a day."""
    return list(cite(_CITED[kind], on))
