"""A row of an export as it stands in the file: masked, but for the fields that were asked for and approved."""

from collections.abc import Callable, Mapping

from app.applications.household import applicant_name_of, open_address
from app.audit.subjects import Case
from app.awards.payees import payee_of
from app.core.clock import legal_date
from app.core.crypto import Vault
from app.core.db import ReadSession
from app.core.money import fen_to_yuan
from app.core.months import write_month
from app.disbursement.accounts import account_of, paid_to
from app.exports.models import Export
from app.exports.queries import ApplicationRow, AwardRow, LineRow, Row
from app.identity.masks import HIDDEN, mask_account, mask_id_number, mask_name, mask_phone
from app.identity.models import Citizen

_MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "id_number": mask_id_number,
    "phone": mask_phone,
    "account": mask_account,
    "address": lambda _: HIDDEN,  # the village stands in the row's division
}


def cells_of(db: ReadSession, export: Export, row: Row) -> list[object]:
    """Return the cells of a row, in the export's order."""
    values = _VALUES[type(row)](db, row)  # type: ignore[operator]  # each takes its own kind
    return [_shown(export, name, values[name]) for name in export.columns]


def case_of(row: Row) -> Case:
    """Return whom the record of the file is about in this row."""
    if isinstance(row, ApplicationRow):
        return row.application.case
    if isinstance(row, AwardRow):
        return row.award.case
    return Case(row.application_id, row.line.beneficiary_id, row.line.county)


def _shown(export: Export, name: str, value: object) -> object:
    mask = _MASKS.get(name)
    if mask is None or value is None or name in export.unmasked:
        return value
    return mask(str(value))


def _of_application(db: ReadSession, row: ApplicationRow) -> dict[str, object]:
    application, citizen = row.application, row.citizen
    return {
        "number": application.number,
        "division": application.division,
        "program": application.program,
        "status": application.status,
        "name": applicant_name_of(db, application),
        "id_number": _id_number(db.vault, citizen),
        "phone": _phone(db.vault, citizen),
        "address": open_address(db, application),
        "submitted_on": application.submitted_at and legal_date(application.submitted_at),
        "decide_by": application.decide_by,
    }


def _of_award(db: ReadSession, row: AwardRow) -> dict[str, object]:
    award, account = row.award, row.account
    return {
        "number": row.number,
        "division": award.division,
        "program": award.program,
        "status": award.status,
        "name": payee_of(db, award),
        "phone": _phone(db.vault, row.citizen),
        "account": account and db.vault.open("payout_accounts.account", account.citizen_id, account.account_sealed),
        "members": award.members_count,
        "monthly_yuan": fen_to_yuan(row.monthly_fen),
        "from_month": write_month(award.from_month),
        "to_month": award.to_month and write_month(award.to_month),
    }


def _of_line(db: ReadSession, row: LineRow) -> dict[str, object]:
    line = row.line
    return {
        "payroll": row.payroll,
        "line": line.id,
        "division": line.division,
        "month": write_month(line.month),
        "kind": line.kind,
        "status": line.status,
        "name": paid_to(db, line),
        "bank_code": line.bank_code,
        "account": account_of(db, line),
        "amount_yuan": fen_to_yuan(line.amount_fen),
        "paid_on": line.paid_on,
    }


_VALUES = {ApplicationRow: _of_application, AwardRow: _of_award, LineRow: _of_line}


def _phone(vault: Vault, citizen: Citizen) -> str | None:
    sealed = citizen.phone_sealed
    return None if sealed is None else vault.open("citizens.phone", citizen.id, sealed)


def _id_number(vault: Vault, citizen: Citizen) -> str | None:
    sealed = citizen.id_number_sealed
    return None if sealed is None else vault.open("citizens.id_number", citizen.id, sealed)
