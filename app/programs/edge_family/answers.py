"""The form of the edge family: that of a household, and nothing more."""

from app.programs.form import HouseholdAnswers


class EdgeFamilyAnswers(HouseholdAnswers):
    """What the household declares beside its members."""
