"""Claims: what must be unique across all counties, guarded by one primary key."""

from collections.abc import Iterable

from app.applications.claim_queries import list_claims, take_claims
from app.applications.errors import ApplicationAlreadyOpen, PersonAlreadyInCase
from app.applications.models import Application, Member
from app.core.db import WriteSession


async def claim_applicant(db: WriteSession, application: Application) -> None:
    """Take the applicant's one place for an open application of this program.

    Raises:
        ApplicationAlreadyOpen: it is taken.
    """
    if not await take_claims(db, application, _applicant_kind(application), [application.applicant_id.bytes]):
        raise ApplicationAlreadyOpen


async def claim_members(db: WriteSession, application: Application, members: Iterable[Member]) -> None:
    """Take each member's one place in a case of this program, before or after the award.

    Raises:
        PersonAlreadyInCase: somebody is in another case.
    """
    present = {member.id_number_index for member in members}
    if application.submitted_at is not None:
        for claim in await list_claims(db, application.id):
            if claim.kind == _member_kind(application) and claim.key not in present:
                await db.delete(claim)  # was a member when the application was first handed in
    # The blind index of the members column is the same for the same person everywhere.
    if not await take_claims(db, application, _member_kind(application), present):
        raise PersonAlreadyInCase


async def release_claims(db: WriteSession, application: Application) -> None:
    """Give back everything, when the matter ends without an award or the award ends."""
    for claim in await list_claims(db, application.id):
        await db.delete(claim)
    await db.flush()


async def release_applicant(db: WriteSession, application: Application) -> None:
    """Give back the applicant's place for an open application; the members stay claimed by the award."""
    for claim in await list_claims(db, application.id):
        if claim.kind == _applicant_kind(application):
            await db.delete(claim)
    await db.flush()


def _applicant_kind(application: Application) -> str:
    return f"applicant:{application.program}"


def member_kind_of(program: str) -> str:
    """Return the kind of the claims of a program's members."""
    return f"member:{program}"


def _member_kind(application: Application) -> str:
    return member_kind_of(application.program)
