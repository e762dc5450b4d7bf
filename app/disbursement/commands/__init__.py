"""The use cases of this stage, one module each group."""

from app.disbursement.commands.building import build_payroll, reissue_payroll
from app.disbursement.commands.deciding import approve_payroll, close_payroll, reject_payroll, submit_payroll
from app.disbursement.commands.reconciling import settle_line
from app.disbursement.commands.releasing import note_accepted, note_refused, release_payroll
from app.disbursement.commands.roster import Roster, take_roster
from app.disbursement.commands.settling import Settlement, note_unsigned_receipts, settle_receipts

__all__ = [
    "Roster",
    "Settlement",
    "approve_payroll",
    "build_payroll",
    "close_payroll",
    "note_accepted",
    "note_refused",
    "note_unsigned_receipts",
    "reissue_payroll",
    "reject_payroll",
    "release_payroll",
    "settle_line",
    "settle_receipts",
    "submit_payroll",
    "take_roster",
]
