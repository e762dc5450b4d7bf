"""The use cases of this stage."""

from app.exports.commands.asking import Wanted, approve_export, reject_export, request_export
from app.exports.commands.taking import Taken, take_export
from app.exports.commands.tracing import Traced, trace_row

__all__ = [
    "Taken",
    "Traced",
    "Wanted",
    "approve_export",
    "reject_export",
    "request_export",
    "take_export",
    "trace_row",
]
