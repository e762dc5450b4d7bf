"""Complaints of a signed-in citizen."""

from app.api.common.callers import Applicant
from app.api.common.complaints import FiledOut, FollowedOut, MatterIn, place_of
from app.api.common.deps import Db, ReadDb
from app.api.common.limits import LimitsDep
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Page
from app.complaints.commands import ReporterDetails, file_complaint
from app.complaints.contents import text_of
from app.complaints.errors import NumberMalformed, PlaceMissing, PlaceTooHigh
from app.complaints.models import Complaint
from app.complaints.queries import list_complaints
from app.core.crypto import Vault
from app.identity.commands import phone_of
from app.identity.errors import TokenRejected
from app.identity.queries import get_citizen
from app.identity.real_names import real_name_of
from app.limits.errors import TooManyRequests
from app.limits.policies import COMPLAINTS, COMPLAINTS_CALLER
from app.reference.errors import DivisionMalformed, DivisionUnknown

router = Router(prefix="/v1/complaints", tags=["applicant"])


class MyComplaintOut(FollowedOut):
    """One of mine, with what I wrote."""

    text: str

    @classmethod
    def of(cls, vault: Vault, row: Complaint) -> "MyComplaintOut":
        """Shape one complaint for whoever made it."""
        return cls(**FollowedOut.of(vault, row).model_dump(), text=text_of(vault, row))


@router.post(
    "",
    status_code=201,
    operation_id="file_my_complaint",
    summary="Complain, report, suggest or ask under my name",
    responses=problems(
        TokenRejected,
        PlaceMissing,
        PlaceTooHigh,
        DivisionUnknown,
        DivisionMalformed,
        NumberMalformed,
        TooManyRequests,
    ),
)
async def file_one(body: MatterIn, actor: Applicant, db: Db, limits: LimitsDep) -> FiledOut:
    """With the account's proved name it is a real-name report; an account without one is answered by phone. To stay
    anonymous, use the public address without signing in."""
    await limits.use((COMPLAINTS_CALLER, str(actor.id)), (COMPLAINTS, place_of(body)))
    citizen = await get_citizen(db, actor.id)
    phone = phone_of(db, citizen) or ""  # who has none does not sign in
    filed = await file_complaint(
        db,
        category=body.category,
        text=body.text,
        division=body.division,
        application_number=body.application_number,
        reporter=ReporterDetails(name=real_name_of(db.vault, citizen), phone=phone, citizen_id=citizen.id),
    )
    return FiledOut.of(filed)


@router.get(
    "",
    operation_id="list_my_complaints",
    summary="List my complaints",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_mine(actor: Applicant, db: ReadDb, limit: Limit = 20, cursor: Cursor = None) -> Page[MyComplaintOut]:
    """What this account made while signed in, newest first."""
    after = read_id_cursor(db.vault, actor, "complaints", cursor)
    rows = await list_complaints(db, actor, status=None, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "complaints", str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[MyComplaintOut.of(db.vault, row) for row in rows[:limit]], next=following)
