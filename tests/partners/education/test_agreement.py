from app.partners.education.adapter import Education
from app.partners.education.fake import FakeEducation
from tests.partners.file_suite import FileSuite


class TestEducation(FileSuite):
    adapter = Education
    fake = FakeEducation
