"""The medical insurance in memory."""

from app.partners.medical_insurance.adapter import MedicalInsurance
from app.partners.memory import AnsweringAgency


class FakeMedicalInsurance(AnsweringAgency):
    """Knows the insured it was taught."""

    code = MedicalInsurance.code
    items = MedicalInsurance.items
