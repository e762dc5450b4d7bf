"""What was signed about me as a member of a household, by whom, and that I take it back."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.deps import Db, ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Moment, Out, Page
from app.applications.authorisation_queries import Signed
from app.applications.commands import list_own_authorisations, withdraw_own_authorisation
from app.applications.errors import AuthorisationNotFound
from app.identity.errors import RealNameRequired, TokenRejected

router = Router(prefix="/v1/me/authorisations", tags=["applicant"])


class OwnAuthorisationOut(Out):
    """That agencies may be asked about me (`about_me`), or about somebody of the household for whom I signed.

    `signed_by_me`: with my name and number, on whatever telephone; else a guardian signed for me. `method`: electronic,
    by_agent (somebody acted for the applicant) or guardian. `number`: of the receipt, null before it was handed in;
    `purpose` the aid. `withdrawn_at` null: in force, and mine to withdraw.
    """

    id: UUID
    application_id: UUID
    number: str | None
    purpose: Annotated[str, Field(examples=["living_allowance"])]
    member_id: UUID
    about_me: bool
    signed_by_me: bool
    method: Literal["electronic", "by_agent", "guardian"]
    text_version: str
    signed_at: Moment
    withdrawn_at: Moment | None

    @classmethod
    def of(cls, signed: Signed) -> "OwnAuthorisationOut":
        row = signed.authorisation
        return cls(
            id=row.id,
            application_id=row.application_id,
            number=signed.application.number,
            purpose=signed.application.program,
            member_id=row.member_id,
            about_me=row.member_id == signed.reader.id,
            signed_by_me=row.signed_by_member_id == signed.reader.id,
            method=row.method,
            text_version=row.text_version,
            signed_at=row.signed_at,
            withdrawn_at=row.withdrawn_at,
        )


@router.get(
    "",
    operation_id="list_own_authorisations",
    summary="See what was signed about me as a member of a household",
    responses=problems(TokenRejected, RealNameRequired, CursorRejected),
)
async def list_mine(
    actor: Applicant, db: ReadDb, limit: Limit = 100, cursor: Cursor = None
) -> Page[OwnAuthorisationOut]:
    """The latest first. Found by the name and number that I proved, in every household under way or in force, also
    where somebody else applied and I signed on another's telephone. Nothing else of the household is shown."""
    name = "own-authorisations"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_own_authorisations(db, actor, after=after, limit=limit + 1)
    last = str(rows[limit - 1].authorisation.id) if len(rows) > limit else None
    following = write_cursor(db.vault, actor, name, last) if last is not None else None
    return Page(items=[OwnAuthorisationOut.of(each) for each in rows[:limit]], next=following)


@router.post(
    "/{authorisation_id}/withdraw",
    operation_id="withdraw_own_authorisation",
    summary="Withdraw my authorisation as a member of a household",
    responses=problems(TokenRejected, RealNameRequired, AuthorisationNotFound),
)
async def withdraw(authorisation_id: UUID, actor: Applicant, db: Db) -> OwnAuthorisationOut:
    """From now on nobody is asked about me, whoever applied (个人信息保护法 art. 15). A minor's is for who signed."""
    return OwnAuthorisationOut.of(await withdraw_own_authorisation(db, actor, authorisation_id))
