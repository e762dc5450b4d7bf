from app.partners.medical_insurance.adapter import MedicalInsurance
from app.partners.medical_insurance.fake import FakeMedicalInsurance
from tests.partners.suite import PartnerSuite


class TestMedicalInsurance(PartnerSuite):
    adapter = MedicalInsurance
    fake = FakeMedicalInsurance
