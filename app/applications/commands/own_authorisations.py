"""What was signed about somebody as a member of a household: hers to read, and to withdraw.

Who applies has every adult sign, often on the one telephone there is, by typing her name and number. It stays her
authorisation: signed in as herself she withdraws it without asking anybody (个人信息保护法 art. 15). A minor's is for
who signed it in his place.
"""

from uuid import UUID

from app.applications.authorisation_queries import Signed, find_signed, list_signed
from app.applications.commands.authorisations import end_authorisation
from app.applications.errors import AuthorisationNotFound
from app.applications.household import is_minor, name_of
from app.applications.proving import proved_identity
from app.audit.subjects import Case
from app.core.clock import today
from app.core.db import ReadSession, WriteSession
from app.identity.actors import Actor


async def list_own_authorisations(db: ReadSession, actor: Actor, *, after: UUID | None, limit: int) -> list[Signed]:
    """Return a page of what was signed about this citizen in households under way or in force, or by her for somebody
    else there, the latest first; `after`: the last one of the page before.

    Raises:
        RealNameRequired: she has not proved who she is.
    """
    name, index = await proved_identity(db, actor)
    found: list[Signed] = []
    async with db.wider():  # she is a member of another's household
        while len(found) < limit:  # names are sealed: only what was read can be told from a namesake's
            rows = await list_signed(db, actor, index, after=after, limit=limit)
            found += [each for each in rows if _is_hers(db, each, name)]
            if len(rows) < limit:
                break
            after = rows[-1].authorisation.id
    return found[:limit]


async def withdraw_own_authorisation(db: WriteSession, actor: Actor, authorisation_id: UUID) -> Signed:
    """Withdraw what was signed about oneself, or by oneself for who cannot: no question is put from now on. Withdrawn
    already, nothing changes.

    Raises:
        RealNameRequired: she has not proved who she is.
        AuthorisationNotFound: there is none, or it is not hers.
    """
    name, index = await proved_identity(db, actor)
    async with db.wider():  # she is a member of another's household
        signed = await find_signed(db, actor, index, authorisation_id, lock=True)
        if signed is None or not _is_hers(db, signed, name):
            raise AuthorisationNotFound
        application = signed.application
        if signed.authorisation.withdrawn_at is None:
            case = Case(application.id, actor.id, application.county)
            await end_authorisation(db, actor, application, signed.authorisation, case)
    return signed


def _is_hers(db: ReadSession, signed: Signed, name: str) -> bool:
    if name_of(db, signed.reader) != name:
        return False
    own = signed.about.id == signed.reader.id
    return not (own and is_minor(signed.about, today(db.clock)))
