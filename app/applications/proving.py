"""As whom a citizen is found in others' cases: by the name and number that he proved, and by nothing he says."""

from app.core.db import ReadSession
from app.identity.actors import Actor
from app.identity.errors import RealNameRequired
from app.identity.queries import get_citizen
from app.identity.real_names import real_name_of


async def proved_identity(db: ReadSession, actor: Actor) -> tuple[str, bytes]:
    """Return the name, and the index of the number, that a citizen proved; another name under the number is a typing
    error of who named him, or somebody who tries, and is answered as if there were nothing.

    Raises:
        RealNameRequired: he has not proved who he is.
    """
    citizen = await get_citizen(db, actor.id)
    name = real_name_of(db.vault, citizen)
    if name is None or citizen.id_number_sealed is None:
        raise RealNameRequired
    number = db.vault.open("citizens.id_number", citizen.id, citizen.id_number_sealed)
    return name, db.vault.index("members.id_number", number)
