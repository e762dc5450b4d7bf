"""The citizen's own account and bank account."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.conditional import IfMatch, PreconditionFailed, PreconditionRequired, check_version, tag
from app.api.common.deps import Db, ReadDb
from app.api.common.problems import problems
from app.api.common.schemas import CLEAN, In, Moment, Out
from app.applications.commands import put_payout_account, same_account
from app.applications.errors import AccountMalformed, EntrustmentNotAllowed
from app.applications.models import PayoutAccount
from app.applications.payees import holder_of
from app.applications.queries import find_payout_account
from app.core.db import ReadSession
from app.identity.commands import phone_of
from app.identity.errors import RealNameRequired, TokenRejected
from app.identity.masks import mask_account, mask_id_number, mask_phone
from app.identity.queries import get_citizen
from app.identity.real_names import real_name_of

router = APIRouter(prefix="/v1", tags=["applicant"])


class PayoutAccountIn(In):
    """The applicant's own account: nobody may lend or borrow one."""

    bank_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,16}$", examples=["RCC"])]
    account: Annotated[str, Field(min_length=8, max_length=40, pattern=CLEAN, examples=["6200000000000000"])]


class PayoutAccountOut(Out):
    """The account, masked."""

    holder_name: str
    bank_code: str
    account_masked: str
    changed_at: Moment
    version: int

    @classmethod
    def of(cls, db: ReadSession, row: PayoutAccount) -> "PayoutAccountOut":
        account = db.vault.open("payout_accounts.account", row.citizen_id, row.account_sealed)
        return cls(
            holder_name=holder_of(db, row),
            bank_code=row.bank_code,
            account_masked=mask_account(account),
            changed_at=row.changed_at,
            version=row.version,
        )


class MeOut(Out):
    """The account that is signed in; numbers are masked."""

    id: UUID
    phone_masked: str
    name: str | None
    id_number_masked: str | None
    real_name_proved_at: Moment | None
    payout_account: PayoutAccountOut | None


@router.get("/me", operation_id="get_me", summary="Read my account", responses=problems(TokenRejected))
async def get_me(actor: Applicant, db: ReadDb) -> MeOut:
    """Who is signed in, and where money would go."""
    citizen = await get_citizen(db, actor.id)
    account = await find_payout_account(db, actor.id)
    sealed = citizen.id_number_sealed
    return MeOut(
        id=citizen.id,
        phone_masked=mask_phone(phone_of(db, citizen) or ""),
        name=real_name_of(db.vault, citizen),
        id_number_masked=mask_id_number(db.vault.open("citizens.id_number", citizen.id, sealed)) if sealed else None,
        real_name_proved_at=citizen.real_name_proved_at,
        payout_account=PayoutAccountOut.of(db, account) if account else None,
    )


@router.put(
    "/payout-account",
    operation_id="put_payout_account",
    summary="Set my bank account",
    responses=problems(
        TokenRejected,
        RealNameRequired,
        AccountMalformed,
        EntrustmentNotAllowed,
        PreconditionRequired,
        PreconditionFailed,
    ),
)
async def put_account(body: PayoutAccountIn, actor: Applicant, db: Db, if_match: IfMatch = None) -> PayoutAccountOut:
    """Set where the money goes; the holder is the proved real name. Whether the account exists, the bank will say.
    Changing an account that is set needs `If-Match` with its ETag (its `version`, quoted)."""
    standing = await find_payout_account(db, actor.id)
    if standing is not None and not same_account(db, standing, bank_code=body.bank_code, account=body.account):
        check_version(if_match, standing.version)
    row = await put_payout_account(db, actor, bank_code=body.bank_code, account=body.account)
    tag(row.version)
    return PayoutAccountOut.of(db, row)
