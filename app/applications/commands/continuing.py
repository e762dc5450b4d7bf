"""What a household had said is taken along to the place it was sent to: nobody types it twice.

Nothing is decided by that: the new draft is the household's to check and change. Signatures stay behind, each was given
for the other application, a supporter's as well: he is named again, and asked anew; so do promises, and the marks of
what registers filled in.
"""

import json
from uuid import UUID

from app.applications.commands.drafts import start_draft
from app.applications.copying import renamed, same_document, same_member
from app.applications.edits import touch
from app.applications.errors import ApplicationNotRedirected, NotTheNamedPlace
from app.applications.household import (
    answers_of,
    open_address,
    plain_residence,
    put_answers,
)
from app.applications.lifecycle import Status
from app.applications.models import Application
from app.applications.queries import get_whole_application
from app.applications.supporter_queries import list_supporters
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor
from app.reference.divisions import Level, covers, level_of


async def continue_application(db: WriteSession, actor: Actor, application_id: UUID, division: str) -> Application:
    """Begin a draft in village `division` of the place that a township named, with all that was said and handed in.

    Where a household lives and its members are registered is taken along as far as it was said. What was left out
    because it was where they applied is now said of the new place: that is what they have to look at first.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        ApplicationNotRedirected: nobody has sent it elsewhere.
        NotTheNamedPlace: the village is not in the place that was named.
        RealNameRequired, ProgramNotOpen, DivisionUnknown, NotAVillage, ApplicationAlreadyOpen, EntrustmentNotAllowed:
            as for any draft.
    """
    before = await get_whole_application(db, actor, application_id, lock=True)
    if before.status != Status.REDIRECTED or before.redirected_to is None:
        raise ApplicationNotRedirected
    if not _lies_in(division, before.redirected_to):
        raise NotTheNamedPlace
    draft = await start_draft(db, actor, before.program, division, instead_of=before)
    ids = {member.id: new_id() for member in before.members}
    db.add_all(same_member(db, draft, member, ids[member.id]) for member in before.members)
    if before.form_version == draft.form_version:  # a supporter stands by a line of the form
        db.add_all(same_member(db, draft, each, new_id()) for each in await list_supporters(db, before.id))
    db.add_all(same_document(db, draft, paper, ids) for paper in before.documents)
    _take_along(db, before, draft, {str(old): str(new) for old, new in ids.items()})
    await touch(db, draft)
    await record_act(
        db, actor, "application.continue", "application", before.id,
        row=before, case=before.case, draft=str(draft.id),
    )  # fmt: skip
    return draft


def _lies_in(village: str, named: str) -> bool:
    """Say whether a village is in the named township, or in the one of a named village, or in a named county."""
    return covers(named, village) if level_of(named) is Level.COUNTY else village[:9] == named[:9]


def _take_along(db: WriteSession, before: Application, draft: Application, refs: dict[str, str]) -> None:
    if before.form_version == draft.form_version and (answers := answers_of(db, before)):
        put_answers(db, draft, renamed(answers, refs))
    if (address := open_address(db, before)) is not None:
        draft.address_sealed = db.vault.seal("applications.address", draft.id, address, division=draft.county)
    residence = plain_residence(db, before)
    if residence is not None and residence["division"] != draft.division:
        text = json.dumps(residence)
        draft.residence_sealed = db.vault.seal("applications.residence", draft.id, text, division=draft.county)
