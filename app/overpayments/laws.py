"""What a recovery rests on, by ground; letters and answers cite them alike."""

from datetime import date

from app.overpayments.lifecycle import Ground
from app.programs.articles import Articles, interim, law
from app.programs.laws import cite

_LAWS: dict[Ground, Articles] = {
    Ground.AFTER_STOP: (law("第七十四条"),),
    Ground.FRAUD: (interim("第六十八条"), law("第七十三条"), law("第七十四条")),
}


def laws_of(ground: Ground, on: date) -> list[str]:
    """List the articles in force on a day."""
    return list(cite(_LAWS[ground], on))
