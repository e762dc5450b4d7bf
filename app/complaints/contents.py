"""Opening what is sealed in a complaint."""

from app.complaints.models import Complaint
from app.core.crypto import Vault


def text_of(vault: Vault, complaint: Complaint) -> str:
    """Return what was written."""
    return vault.open("complaints.text", complaint.id, complaint.text_sealed)


def answer_of(vault: Vault, complaint: Complaint) -> str | None:
    """Return the answer, once there is one."""
    if complaint.answer_sealed is None:
        return None
    return vault.open("complaints.answer", complaint.id, complaint.answer_sealed)
