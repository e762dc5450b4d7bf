"""The form of destitute support: one person, what he has, who owes him support, and how far he needs care."""

from collections.abc import Sequence
from typing import Literal

from app.core.errors import Fault
from app.programs.declaration import Declared, Disability, Fen, Listed, MemberFacts, Supporter
from app.programs.form import HouseholdAnswers, check_household

SupporterStatus = Literal["ordinary", "destitute", "living_allowance", "no_capacity", "declared_missing", "in_prison"]
ChildSupport = Literal["orphan_support", "de_facto_orphan_support"]


class LegalSupporter(Supporter):
    """Somebody who by law owes this person support; `income_fen`: their own, in the same period as the others.

    `property_within_rules`: whether what they own stays within the local rule for low-income families; null: not known.
    """

    disability: Disability | None = None
    status: SupporterStatus = "ordinary"
    income_fen: Fen | None = None
    property_within_rules: bool | None = None


class SelfCare(Declared):
    """What this person does without help: the six points of art. 21."""

    eats: bool
    dresses: bool
    gets_out_of_bed: bool
    uses_the_toilet: bool
    walks_indoors: bool
    bathes: bool

    @property
    def failed(self) -> int:
        """Return how many of the six points are not reached."""
        return sum(not reached for reached in self.model_dump().values())


class DestituteSupportAnswers(HouseholdAnswers):
    """What one person declares. `supporters` are all who owe support by law, whether they pay or not.

    `supported_now`: support is being paid already. `school`: where a pupil is. `child_support`: the other support that
    a minor has a claim to, and `chooses_it` whether that one is chosen; nobody has both.
    """

    supporters: Listed[LegalSupporter] = ()
    self_care: SelfCare | None = None
    supported_now: bool = False
    school: Literal["compulsory", "senior_secondary"] | None = None
    child_support: ChildSupport | None = None
    chooses_it: bool | None = None


def check_together(answers: DestituteSupportAnswers, members: Sequence[MemberFacts]) -> list[Fault]:
    """List what is wrong between the form and the one member; pointers begin at `/answers` or `/members`."""
    faults = check_household(answers, members)
    if len(members) > 1:
        faults.append(Fault("/members", "one_person_only"))
    return faults
