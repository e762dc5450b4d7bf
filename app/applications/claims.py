"""Claims: what must be unique across all counties, guarded by one primary key."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.applications.claim_queries import list_claims, take_claims
from app.applications.errors import ApplicationAlreadyOpen, PersonAlreadyInCase
from app.applications.household import answers_of, facts_of
from app.applications.models import Application, Member
from app.core.db import WriteSession
from app.programs.registry import get_program


async def claim_applicant(db: WriteSession, application: Application) -> None:
    """Take the applicant's one place for an open application of this program.

    Raises:
        ApplicationAlreadyOpen: it is taken.
    """
    if not await take_claims(db, application, _applicant_kind(application), [application.applicant_id.bytes]):
        raise ApplicationAlreadyOpen


async def claim_members(db: WriteSession, application: Application, members: Iterable[Member]) -> None:
    """Take the one place in a case of this program of each member whom an award would be for, before or after it.

    The family of somebody who applies alone keeps its places: it may apply itself (review measures art. 8). That it
    belongs to this case is noted all the same, for what is looked up by person.

    Raises:
        PersonAlreadyInCase: somebody is in another case.
    """
    listed = list(members)
    own = _beneficiaries(db, application, listed)
    for member in listed:
        if member.claimed is not (str(member.id) in own):  # what is set is written, the same value too
            member.claimed = not member.claimed
    present = {member.id_number_index for member in listed if member.claimed}
    family = {member.id_number_index for member in listed if not member.claimed}
    if application.submitted_at is not None:
        for claim in await list_claims(db, application.id):
            kept = {_member_kind(application): present, family_kind_of(application.id): family}
            if claim.kind in kept and claim.key not in kept[claim.kind]:
                await db.delete(claim)  # was a member when the application was first handed in
    # The blind index of the members column is the same for the same person everywhere.
    if not await take_claims(db, application, _member_kind(application), present):
        raise PersonAlreadyInCase
    if family:
        await take_claims(db, application, family_kind_of(application.id), family)


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


FAMILY = "family:"  # begins the kind of the claims of those who are only listed


def family_kind_of(application_id: UUID) -> str:
    """Return the kind of the claims of a family whose member applies alone: its own, so that it excludes nobody."""
    return f"{FAMILY}{application_id}"


def _beneficiaries(db: WriteSession, application: Application, members: Sequence[Member]) -> frozenset[str]:
    program, facts = get_program(application.program), [facts_of(db, member) for member in members]
    return program.beneficiaries(program.read_answers(answers_of(db, application), facts), facts)


def _member_kind(application: Application) -> str:
    return member_kind_of(application.program)
