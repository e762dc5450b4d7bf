"""Bringing an entrustment into force: her code or an office's word, then one question to public security about her."""

from collections.abc import Mapping
from uuid import UUID

from app.applications.commands import confirm_entrustment, principal_of, require_confirmable
from app.applications.entrustment_lifecycle import Status
from app.applications.entrustment_models import Entrustment
from app.applications.entrustment_queries import get_entrustment
from app.applications.errors import EntrustmentNotAllowed
from app.core.db import Database
from app.core.reach import EVERYTHING
from app.identity.actors import Actor, Role
from app.identity.commands import take_code
from app.identity.errors import CodeRejected, RealNameMismatch
from app.partners.base import Partner
from app.verification.real_name import ask_public_security


def code_device(entrustment_id: UUID) -> str:
    """Return what binds a code to an entrustment: no client can name such a device, so that it opens no account."""
    return f"entrustment:{entrustment_id}"


async def confirm(
    database: Database, partners: Mapping[str, Partner], actor: Actor, entrustment_id: UUID, *, code: str | None = None
) -> Entrustment:
    """Bring an entrustment into force; in force already, nothing changes. `code`: what was sent to her telephone, which
    she tells who acts for her; an office needs none, for it has seen her and the papers.

    Raises:
        EntrustmentNotFound, StepNotAllowed, RoleNotAllowed, SamePersonNotAllowed: as `require_confirmable` says.
        EntrustmentNotAllowed: she has no telephone, so that only an office can confirm it.
        CodeRejected: not her code.
        RealNameMismatch: public security does not know her by this name and number.
        AgencySilent: no usable answer; nothing was changed.
    """
    async with database.unit_of_work() as db:
        standing = await get_entrustment(db, actor, entrustment_id)
        if standing.status == Status.IN_FORCE:
            return standing
        who = principal_of(db, await require_confirmable(db, actor, entrustment_id))
    if actor.role is Role.APPLICANT:
        if who.phone is None:
            raise EntrustmentNotAllowed
        async with database.reaching(EVERYTHING).unit_of_work() as db:
            fits = await take_code(db, who.phone, code or "", device=code_device(entrustment_id))
        if not fits:
            raise CodeRejected
    same, _ = await ask_public_security(
        database.reaching(EVERYTHING), partners, actor, who.name, who.id_number, ground="entrustment"
    )
    if not same:
        raise RealNameMismatch
    async with database.unit_of_work() as db:
        return await confirm_entrustment(db, actor, entrustment_id)
