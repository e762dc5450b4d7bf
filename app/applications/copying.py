"""The same persons and papers in another application: sealed anew, because a value opens in its own row alone, under
its own county's key."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.applications.household import id_number_of, name_of
from app.applications.models import Application, Document, Member
from app.core.db import WriteSession
from app.core.ids import new_id


def renamed(said: Any, refs: Mapping[str, str]) -> Any:
    """Return a JSON value with each member's id replaced by that of the same person in the other application."""
    if isinstance(said, dict):
        return {name: renamed(each, refs) for name, each in said.items()}
    if isinstance(said, list):
        return [renamed(each, refs) for each in said]
    return refs.get(said, said) if isinstance(said, str) else said


def same_member(db: WriteSession, other: Application, member: Member, row: UUID) -> Member:
    """Return the same person in the other application, as row `row`."""

    def sealed(field: str, text: str) -> bytes:
        return db.vault.seal(f"members.{field}", row, text, division=other.county)

    return Member(
        id=row,
        county=other.county,
        application_id=other.id,
        relation=member.relation,
        supporter_ref=member.supporter_ref,
        claimed=member.supporter_ref is None,
        birth_date=member.birth_date,
        name_sealed=sealed("name", name_of(db, member)),
        id_number_index=member.id_number_index,
        id_number_sealed=sealed("id_number", id_number_of(db, member)),
        profile_sealed=sealed("profile", db.vault.open("members.profile", member.id, member.profile_sealed)),
    )


def same_document(db: WriteSession, other: Application, paper: Document, ids: Mapping[UUID, UUID]) -> Document:
    """Return the same paper in the other application; its upload is the citizen's, and serves both."""
    return Document(
        id=new_id(),
        county=other.county,
        application_id=other.id,
        member_id=None if paper.member_id is None else ids.get(paper.member_id),
        kind=paper.kind,
        upload_id=paper.upload_id,
        media_type=paper.media_type,
        size=paper.size,
        sha256=paper.sha256,
        added_at=db.clock.now(),
    )
