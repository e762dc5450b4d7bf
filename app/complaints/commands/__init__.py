"""The use cases of this stage."""

from app.complaints.commands.filing import Filed, ReporterDetails, file_complaint
from app.complaints.commands.handling import (
    answer_complaint,
    assign_complaint,
    dismiss_complaint,
    open_reporter,
    uphold_complaint,
    view_reporter,
)
from app.complaints.commands.look_up import look_up_complaint

__all__ = [
    "Filed",
    "ReporterDetails",
    "answer_complaint",
    "assign_complaint",
    "dismiss_complaint",
    "file_complaint",
    "look_up_complaint",
    "open_reporter",
    "uphold_complaint",
    "view_reporter",
]
