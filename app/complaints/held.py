"""What complaints hold about a citizen: those he made by name. What others said of him stays theirs."""

from app.complaints.models import Complaint, ComplaintReporter
from app.complaints.queries import complaints_by
from app.core.held import Holding

HELD = (
    Holding(
        Complaint,
        lambda who: Complaint.id.in_(complaints_by(who.indexes["complaint_reporters.citizen"])),
        without=frozenset({"county", "application_id", "assigned_to", "answered_by", "version"}),
        since="answered_at",
    ),
    Holding(
        ComplaintReporter,
        lambda who: ComplaintReporter.citizen_index == who.indexes["complaint_reporters.citizen"],
        without=frozenset({"county"}),
    ),
)
