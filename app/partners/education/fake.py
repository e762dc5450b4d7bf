"""The school register in memory."""

from app.partners.education.adapter import Education
from app.partners.memory import FilingAgency


class FakeEducation(FilingAgency):
    """Knows the pupils it was taught."""

    code = Education.code
    items = Education.items
