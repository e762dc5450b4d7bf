"""What agencies found that the declaration does not say. Nothing here applies before agencies were asked.

Each rule asks two things: what was found, and whether everything it rests on was answered at all.
"""

from fractions import Fraction

from app.facts import FactKey, Item
from app.programs.assessment import EXCLUDES, Finding, Weight
from app.programs.benefits import not_declared
from app.programs.canonical import Json
from app.programs.laws import cite
from app.programs.reckoning import AnyReckoning, Rule, silence_json, unanswered

ONE_OF = frozenset({"living_allowance", "destitute_support"})
"""Nobody has both; who leaves the one may apply for the other (measures for the destitute, art. 27)."""

_DRAWN = (FactKey.PENSION_MONTHLY, FactKey.UNEMPLOYMENT_MONTHLY)


def sources_answered(work: AnyReckoning) -> Finding | None:
    """Every source that was asked has answered: silence is not “no record”."""
    if not work.case.checked:
        return None
    silent = work.case.unavailable
    return Finding(
        rule="sources_answered",
        met=None if silent else True,
        law=cite(work.articles.checking, work.on),
        inputs=silence_json(silent),
        weight=Weight.FOUNDATION,
    )


def members_alive(work: AnyReckoning) -> Finding | None:
    """No member is recorded as dead."""
    if not work.case.checked:
        return None
    dead = [member.ref for member in work.members if member.reason == "deceased"]
    silent = _of_anybody(work, Item.DEATHS)
    return Finding(
        rule="members_alive",
        met=None if dead or silent else True,
        law=cite(work.articles.members, work.on),
        inputs={
            "members": dead,
            "persons": len(dead),
            "found": _found(work, dead, FactKey.DECEASED_ON),
            **silence_json(silent),
        },
        weight=Weight.FOUNDATION,
        silent=bool(silent) and not dead,
    )


def not_covered_elsewhere(work: AnyReckoning) -> Finding | None:
    """No counted member already receives the allowance, or destitute support, somewhere."""
    if not work.case.checked:
        return None
    covered = [
        member.ref
        for member in work.counted
        if ONE_OF.intersection(work.case.found_codes(member.ref, FactKey.BENEFITS_IN_FORCE))
    ]
    silent = _of_anybody(work, Item.BENEFITS)
    return Finding(
        rule="not_covered_elsewhere",
        met=False if covered else None if silent else True,
        law=cite(work.articles.one_household, work.on),
        inputs={
            "members": covered,
            "persons": len(covered),
            "found": _found(work, covered, FactKey.BENEFITS_IN_FORCE),
            **silence_json(silent),
        },
        silent=bool(silent) and not covered,
    )


def birth_dates_agree(work: AnyReckoning) -> Finding | None:
    """The register has the birth dates that were declared: ages rest on them."""
    differing = [
        member
        for member in work.case.members
        if work.case.found_date(member.ref, FactKey.BIRTH_DATE) not in (None, member.birth_date)
    ]
    silent = _of_anybody(work, Item.HOUSEHOLD_REGISTER)
    if not differing and not silent:
        return None
    refs = [member.ref for member in differing]
    return Finding(
        rule="birth_dates_agree",
        met=None,
        law=cite(work.articles.truthful_report, work.on),
        inputs={
            "members": refs,
            "persons": len(refs),
            "declared": {member.ref: member.birth_date.isoformat() for member in differing},
            "found": _found(work, refs, FactKey.BIRTH_DATE),
            **silence_json(silent),
        },
        silent=not differing,
    )


def spouse_listed(work: AnyReckoning) -> Finding | None:
    """A married applicant has listed the spouse, who always counts."""
    applicant = next((member for member in work.case.members if member.relation == "self"), None)
    if applicant is None or any(member.relation == "spouse" for member in work.case.members):
        return None
    status = work.case.fact(applicant.ref, FactKey.MARITAL_STATUS)
    married = status is not None and status.value == "married"
    silent = work.case.is_silent(applicant.ref, Item.MARRIAGE)
    if not married and not silent:
        return None
    return Finding(
        rule="spouse_listed",
        met=None,
        law=cite(work.articles.members_counted, work.on),
        inputs={
            "found": _found(work, [applicant.ref], FactKey.MARITAL_STATUS),
            **silence_json([(applicant.ref, Item.MARRIAGE)] if silent else []),
        },
        weight=Weight.FOUNDATION,
        silent=not married,
    )


def wages_declared(work: AnyReckoning) -> Finding | None:
    """Who has an employer by the fund, the insurance or the tax on wages has declared a wage."""
    earning = {line.member for line in work.case.answers.income if line.kind == "wage" and line.amount_fen}
    items, keys = zip(*work.sources.employers, strict=True)
    employed = [
        member.ref
        for member in work.counted
        if member.ref not in earning and any(work.case.found_number(member.ref, key) > 0 for key in keys)
    ]
    silent = [(ref, item) for ref, item in unanswered(work, *items) if ref not in earning]
    if not employed and not silent:
        return None
    return Finding(
        rule="wages_declared",
        met=None,
        law=cite(work.articles.wages, work.on),
        inputs={
            "members": employed,
            "persons": len(employed),
            "found": [each for key in keys for each in _found(work, employed, key)],
            **silence_json(silent),
        },
        silent=not employed,
    )


def benefits_declared(work: AnyReckoning, line: Fraction | None = None) -> Finding | None:
    """Who draws a pension or unemployment benefit has declared it, as much as is drawn.

    It is not counted by itself: the register knows this month, the law asks about twelve (D57 art. 12), and a part may
    not count (art. 13(2)). `line`: the income per head below which a household has to lie; where what was found would
    take it there, it is told so.
    """
    if not work.case.checked:
        return None
    drawn = {member.ref: fen for member in work.counted if (fen := _drawn_unsaid(work, member.ref))}
    silent = unanswered(work, Item.SOCIAL_INSURANCE)
    if not drawn and not silent:
        return None
    refs, month = list(drawn), sum(drawn.values())
    return Finding(
        rule="benefits_declared",
        met=None,
        law=cite(work.articles.benefits, work.on),
        inputs={
            "members": refs,
            "persons": len(refs),
            "not_declared": dict(drawn),
            "month_fen": month,
            "found": [each for key in _DRAWN for each in _found(work, refs, key)],
            EXCLUDES: bool(drawn) and line is not None and work.reaches_with(12 * month, line),
            **silence_json(silent),
        },
        silent=not drawn,
    )


def _drawn_unsaid(work: AnyReckoning, ref: str) -> int:
    pension, unemployment = (work.case.found_number(ref, key) for key in _DRAWN)
    if not pension and not unemployment:
        return 0
    lines = (line for line in work.case.answers.income if line.member == ref)
    return not_declared(lines, {"pension": pension, "unemployment": unemployment})


def _of_anybody(work: AnyReckoning, item: Item) -> set[tuple[str, Item]]:
    """List about whom a source is silent: counted or not, for its answer may be what somebody is not counted for."""
    return {pair for pair in work.case.unavailable if pair[1] is item}.union(unanswered(work, item))


def _found(work: AnyReckoning, refs: list[str], key: FactKey) -> list[Json]:
    """Write what was found about some members: value, source and date."""
    facts = [(ref, work.case.fact(ref, key)) for ref in refs]
    return [
        {
            "member": ref,
            "value": fact.value if isinstance(fact.value, str | int | tuple) else fact.value.isoformat(),
            "source": fact.source,
            "as_of": fact.as_of.isoformat(),
        }
        for ref, fact in facts
        if fact is not None
    ]


EVIDENCE_RULES: tuple[Rule, ...] = (
    sources_answered,
    members_alive,
    not_covered_elsewhere,
    birth_dates_agree,
    spouse_listed,
    wages_declared,
)
