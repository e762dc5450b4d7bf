"""Papers that no agency can supply."""

from dataclasses import dataclass
from uuid import UUID

from app.applications.edits import touch
from app.applications.lifecycle import LIFECYCLE, Action
from app.applications.models import Application, Document
from app.applications.queries import find_document, get_application
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor


@dataclass(frozen=True)
class StoredFile:
    """A finished upload: what it is and how it can be told from another."""

    upload_id: UUID
    media_type: str
    size: int
    sha256: str


async def add_document(
    db: WriteSession, actor: Actor, application_id: UUID, *, kind: str, member_id: UUID | None, file: StoredFile
) -> Document:
    """Attach a finished upload; attaching it again returns the document there is.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: the application can no longer be edited.
    """
    application = await get_application(db, actor, application_id, lock=True)
    LIFECYCLE.step(application.status, Action.EDIT, actor.role)
    return await _attach(db, actor, application, kind, member_id, file)


async def attach_evidence(db: WriteSession, actor: Actor, application: Application, file: StoredFile) -> Document:
    """Attach what shows that a finding is not so; whether it is the time for that, the stage that takes it says."""
    return await _attach(db, actor, application, "other", None, file)


async def _attach(
    db: WriteSession, actor: Actor, application: Application, kind: str, member_id: UUID | None, file: StoredFile
) -> Document:
    existing = await find_document(db, application.id, file.upload_id)
    if existing is not None:
        return existing
    document = Document(
        id=new_id(),
        county=application.county,
        application_id=application.id,
        member_id=member_id,
        kind=kind,
        upload_id=file.upload_id,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        added_at=db.clock.now(),
    )
    db.add(document)
    await touch(db, application)
    await record_act(
        db,
        actor,
        "document.add",
        "application",
        application.id,
        row=document,
        case=application.case,
        document=str(document.id),
    )
    return document
