"""Claims: what must be unique across all counties, guarded by one primary key."""

from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError

from app.applications.errors import ApplicationAlreadyOpen, PersonAlreadyInCase
from app.applications.models import Application, Claim, Member
from app.applications.queries import list_claims
from app.core.db import WriteSession
from app.core.errors import DomainError


async def claim_applicant(db: WriteSession, application: Application) -> None:
    """Take the applicant's one place for an open application of this program.

    Raises:
        ApplicationAlreadyOpen: it is taken.
    """
    await _claim(db, application, _applicant_kind(application), application.applicant_id.bytes, ApplicationAlreadyOpen)


async def claim_members(db: WriteSession, application: Application, members: Iterable[Member]) -> None:
    """Take each member's one place in a case of this program, before or after the award.

    Raises:
        PersonAlreadyInCase: somebody is in another case.
    """
    present = {member.id_number_index for member in members}
    for claim in await list_claims(db, application.id):
        if claim.kind == _member_kind(application) and claim.key not in present:
            await db.delete(claim)  # was a member when the application was first handed in
    # The blind index of the members column is the same for the same person everywhere. Sorted, so that two households
    # that share people wait for each other in one order and cannot deadlock.
    for index in sorted(present):
        await _claim(db, application, _member_kind(application), index, PersonAlreadyInCase)


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


async def _claim(db: WriteSession, application: Application, kind: str, key: bytes, refusal: type[DomainError]) -> None:
    claim = await db.get(Claim, (kind, key))
    if claim is not None:
        if claim.application_id == application.id:
            return
        raise refusal
    try:
        async with db.begin_nested():
            db.add(Claim(kind=kind, key=key, application_id=application.id, county=application.county))
    except IntegrityError:
        raise refusal from None
