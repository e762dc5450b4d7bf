"""The rules' own words in a letter about a decision: what was not met, or how the amount was worked out.

The letter goes to who applied, and others of the household may be adults. A finding is told by its words alone: they
hold sums, numbers of persons and kinds of things of the household as a whole, and name nobody; which member stands
behind them (`inputs` of the finding) stays in the record of the decision. They are the words that the self-check, the
phone and the caseworker read. What the township wrote to settle an open point is not told: it may speak of one member.

They are paragraphs like others, so that a letter's digest stays that of what it says, now as before; machines find the
same findings, with rule, numbers and law, in the decision.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.letters.wording import label
from app.programs.explaining import explain_stored, not_met, worked_out_by


def amount_explained(program: str, assessment: Mapping[str, Any]) -> list[str]:
    """Say how the amount of an assessment was worked out. What was open a person had to settle before the grant."""
    return _in_words(program, worked_out_by(program, assessment["findings"]), settled=label("findings", "settled"))


def refusal_explained(program: str, assessment: Mapping[str, Any], *, settled: bool) -> list[str]:
    """Say which conditions of an assessment were not met; nothing where the rules speak for the household. `settled`:
    what was open the township has settled for it, and the refusal rests on something else."""
    if settled:
        return []
    return _in_words(program, not_met(assessment["findings"]))


def _in_words(program: str, findings: Sequence[Mapping[str, Any]], settled: str = "") -> list[str]:
    told = []
    for finding in findings:
        words = explain_stored(program, finding, "zh")
        told.append(f"{words.title}：{words.message}{settled if finding['met'] is None else ''}")
    return told
