"""One person who applies alone, as a household of one (review measures art. 8, Social Assistance Law art. 21).

Two households are reckoned: the person, whose income decides the amount, and the family, which must be an edge family
where the ground asks for one, and must not qualify as a whole: a family that does applies with all its members.
"""

from dataclasses import dataclass
from functools import partial

from app.facts import Item
from app.programs import evidence, income
from app.programs.assessment import Finding, MemberVerdict, Weight, all_met
from app.programs.canonical import Json
from app.programs.declaration import MemberFacts
from app.programs.employment import is_severely_disabled
from app.programs.household import reckon_for
from app.programs.laws import cite
from app.programs.living_allowance import amount, citations, edge
from app.programs.living_allowance.answers import Alone, AloneGround
from app.programs.living_allowance.work import OwnRule, Work
from app.programs.membership import CLERGY_AWAY_YEARS, years_in_situation
from app.programs.property import property_rules
from app.programs.reckoning import Rule

_LAW = {
    "severe_disability": citations.SINGLE_PERSON,
    "serious_illness": citations.SINGLE_PERSON,
    "special_difficulty": citations.SINGLE_PERSON,
    "clergy": citations.CLERGY,
    "adult_without_work": citations.ADULT_WITHOUT_WORK,
}
_IN_EDGE_FAMILY: frozenset[AloneGround] = frozenset({"severe_disability", "serious_illness", "special_difficulty"})


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies alone, on which ground, and the family that stays behind."""

    claim: Alone
    member: MemberFacts
    family: Work

    @property
    def needs_edge_family(self) -> bool:
        """Say whether the ground holds in an edge family only."""
        return self.claim.ground in _IN_EDGE_FAMILY


def applicant_of(family: Work) -> Applicant | None:
    """Return who applies alone; None where the household applies as a whole."""
    claim = family.case.answers.alone
    if claim is None:
        return None
    member = next(each for each in family.case.members if each.ref == claim.member)
    return Applicant(claim, member, family)


def reckon_person(who: Applicant) -> Work:
    """Work out the household of one. What siblings and old relatives pay may count in part, where a region says so."""
    family, ground = who.family, who.claim.ground
    verdicts = tuple(_verdict(each, who) for each in family.members)
    counted = (who.member,) if any(each.counted for each in verdicts) else ()
    exempt = family.parameters.support_exempt if ground == "adult_without_work" else None
    return reckon_for(
        family.case,
        family.parameters,
        family.on,
        family.articles,
        family.sources,
        verdicts,
        counted,
        support_exempt=exempt,
    )


def _verdict(verdict: MemberVerdict, who: Applicant) -> MemberVerdict:
    if verdict.ref != who.member.ref:
        return verdict if not verdict.counted else verdict._replace(counted=False, reason="family_of_applicant")
    if verdict.counted:
        return verdict._replace(reason="applies_alone", law=_law_of(who))
    if verdict.reason == "clergy_away_three_years" and who.claim.ground == "clergy":
        alive = not who.family.case.is_silent(verdict.ref, Item.DEATHS)
        return MemberVerdict(verdict.ref, True, "applies_alone", _law_of(who), certain=alive)
    return verdict


def _law_of(who: Applicant) -> tuple[str, ...]:
    """Return the law behind the ground; of one that no law named yet on the day, what names the others."""
    return cite(_LAW[who.claim.ground], who.family.on) or cite(citations.SINGLE_PERSON, who.family.on)


def rules_about(who: Applicant, rules_version: int) -> tuple[OwnRule, ...]:
    """List the rules beside those of any household, in order."""
    qualifies = partial(family_does_not_qualify, who, rules_version)
    about_family = () if who.claim.ground == "clergy" else (qualifies,)
    in_edge = (partial(family_below_edge_line, who),) if who.needs_edge_family else ()
    return (partial(ground_holds, who), *in_edge, *about_family)


def property_of(who: Applicant) -> tuple[Rule, ...]:
    """Return the rules about property: the family's where it must be an edge family, else the person's own."""
    rules = property_rules(who.family.parameters.household)
    return tuple(_about_family(who, rule) for rule in rules) if who.needs_edge_family else rules


def income_rules(who: Applicant) -> tuple[Rule, ...]:
    """Return the rules about income; those that may leave something open look at both households."""
    return (
        _of_either(who, income.no_class_at_a_loss),
        income.income_left_out,
        income.new_jobs_disregarded,
        income.employment_costs_deducted,
        _of_either(who, income.labour_income_assumed),
        _of_either(who, income.support_reckoned),
        _of_either(who, income.expenses_deducted),
    )


def benefits_declared(who: Applicant, work: Work) -> Finding | None:
    """Who applies alone, and the family that stays behind, have declared the benefits they draw: the person's income
    decides, and the family's where it must be an edge family."""
    line = work.parameters.edge_line if who.needs_edge_family else None
    either = evidence.benefits_declared(work, work.standard), evidence.benefits_declared(who.family, line)
    found = [each for each in either if each is not None]
    return max(found, key=lambda each: (each.speaks_against, not each.silent), default=None)


def ground_holds(who: Applicant, work: Work) -> Finding:
    """The person is one of those who may apply alone; for a difficulty the law does not name, a person must say so."""
    inputs: dict[str, Json] = {"member": who.member.ref, "ground": who.claim.ground}
    return Finding(
        rule="ground_to_apply_alone",
        met=_ground_met(who, work),
        law=_law_of(who),
        inputs=inputs,
    )


def _ground_met(who: Applicant, work: Work) -> bool | None:
    member = who.member
    match who.claim.ground:
        case "severe_disability":
            return is_severely_disabled(member)
        case "serious_illness":
            return member.serious_illness
        case "special_difficulty":
            return None
        case "clergy":
            if member.situation != "clergy_away":
                return False
            return None if member.situation_since is None else years_in_situation(member, work.on) >= CLERGY_AWAY_YEARS
        case "adult_without_work":
            return bool(cite(_LAW["adult_without_work"], work.on)) and edge.is_adult_without_work(member, work)


def family_below_edge_line(who: Applicant, work: Work) -> Finding | None:
    """The family's income per head lies below the edge line."""
    return edge.compare_with_edge_line(who.family, "family_below_edge_line", Weight.CONDITION)


def family_does_not_qualify(who: Applicant, rules_version: int, work: Work) -> Finding | None:
    """The family as a whole does not qualify: one that does may not apply for some of its members only."""
    family = who.family
    if family.per_capita is None:
        return None
    return Finding(
        rule="family_does_not_qualify",
        met=_does_not_qualify(family, rules_version),
        law=cite(citations.AS_A_WHOLE, work.on),
        inputs={"counted_members": family.heads, "year_fen": family.income.year_fen},
        numbers={"standard": family.parameters.standard.as_json()},
    )


def _does_not_qualify(family: Work, rules_version: int) -> bool | None:
    """Up to version 4 a family to which nothing could be paid qualified, and kept its members from applying."""
    if not family.below_standard:
        return True
    if rules_version >= 5 and amount.lacks_nothing_payable(family, amount.work_out(family, rules_version)):
        return True
    within = all_met(found for rule in property_rules(family.parameters.household) if (found := rule(family)))
    if within is False:
        return True
    return None if within is None or family.most_per_capita >= family.standard else False


def _about_family(who: Applicant, rule: Rule) -> Rule:
    return lambda _: rule(who.family)


def _of_either(who: Applicant, rule: Rule) -> Rule:
    """Let a rule look at the family first, whose income decides as well, and then at the person."""
    return lambda person: rule(who.family) or rule(person)
