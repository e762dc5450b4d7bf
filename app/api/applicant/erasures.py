"""Having erased what nothing needs any more."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.common.callers import Applicant, applicant
from app.api.common.deps import Db
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import In, Out
from app.api.common.step_up import recently_authenticated
from app.identity.errors import StepUpRequired, TokenRejected
from app.retention.commands import erase_account, erase_drafts
from app.retention.errors import NothingToErase, StillKept

router = Router(prefix="/v1/me", tags=["applicant"])

What = Literal["drafts", "account"]


class ErasureIn(In):
    """What is to go: all drafts, or the whole account."""

    what: Annotated[What, Field(examples=["drafts"])]


class ErasureOut(Out):
    """What is gone; `drafts` is how many."""

    what: What
    drafts: int


@router.post(
    "/erasures",
    status_code=201,
    operation_id="erase_my_data",
    summary="Have my data erased",
    dependencies=[recently_authenticated(caller=applicant)],
    responses=problems(TokenRejected, StepUpRequired, StillKept, NothingToErase),
)
async def erase(body: ErasureIn, actor: Applicant, db: Db) -> ErasureOut:
    """At once and for good (个人信息保护法 art. 47): drafts, or an account that has no case. Applications that were
    handed in are kept as the law says: `409 still_kept` tells as what (`kept_as`), by which law (`basis`) and until
    when (`kept_until`, null while the case or the award goes on). Needs a sign-in within the last 15 minutes."""
    if body.what == "drafts":
        return ErasureOut(what="drafts", drafts=await erase_drafts(db, actor))
    return ErasureOut(what="account", drafts=await erase_account(db, actor))
