"""What applications hold about a citizen: those he made, and where he is a member of another's household."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, or_

from app.applications.entrustment_models import Entrustment
from app.applications.models import (
    Application,
    ApplicationStep,
    Authorisation,
    ConflictRegistration,
    Document,
    Escalation,
    Member,
    PayoutAccount,
)
from app.applications.promise_models import Promise
from app.core.db import ReadSession
from app.core.held import Holding, Subject


def _own(_: ReadSession, row: Any, who: Subject) -> Mapping[str, Any]:
    is_me = row.id in who.memberships
    # What a supporter said to being checked is his: the applicant reads whether he authorised it, and no more.
    return {"is_me": is_me, "declined_at": row.declined_at if is_me else None}


def _link(_: ReadSession, row: Document, __: Subject) -> Mapping[str, Any]:
    return {"content": f"/v1/applications/{row.application_id}/documents/{row.id}/content"}


HELD = (
    Holding(
        Application,
        lambda who: Application.id.in_(who.cases),
        without=frozenset({"county", "field_versions", "lookup_code"}),
        most=50,
    ),
    Holding(
        Member,
        lambda who: or_(Member.application_id.in_(who.cases), Member.id.in_(who.memberships)),
        without=frozenset({"county", "declined_at"}),
        adds=_own,
    ),
    Holding(
        Authorisation,
        lambda who: or_(
            and_(Authorisation.application_id.in_(who.cases), Authorisation.signed_by_citizen_id.is_(None)),
            Authorisation.member_id.in_(who.memberships),
        ),
        without=frozenset({"county", "signed_by_citizen_id"}),
    ),
    Holding(Document, lambda who: Document.application_id.in_(who.cases), without=frozenset({"county"}), adds=_link),
    Holding(
        Promise,
        lambda who: or_(Promise.application_id.in_(who.cases), Promise.signed_by_member_id.in_(who.memberships)),
        without=frozenset({"county", "signer_index", "verified_by", "settled_by"}),
    ),
    Holding(
        ApplicationStep,
        lambda who: ApplicationStep.application_id.in_(who.cases),
        without=frozenset({"county", "id", "taken_by", "taken_at", "closed_by"}),
    ),
    Holding(
        Escalation,
        lambda who: Escalation.application_id.in_(who.cases),
        without=frozenset({"county", "id", "step_id"}),
    ),
    Holding(
        Entrustment,
        lambda who: or_(
            Entrustment.principal_id == who.citizen,
            Entrustment.agent_id == who.citizen,
            Entrustment.application_id.in_(who.cases),
        ),
        # Who acts is not told about the other more than he said himself, nor she who of the staff it was.
        without=frozenset({"county", "agent_id", "confirmed_by", "principal_sealed"}),
        since="requested_at",
    ),
    Holding(
        ConflictRegistration,
        lambda who: ConflictRegistration.application_id.in_(who.cases),
        without=frozenset({"county", "person_id", "registered_by", "withdrawn_by", "withdrawn_reason_sealed"}),
        withheld=("person_id", "withdrawn_reason"),
    ),
    Holding(
        PayoutAccount,
        lambda who: PayoutAccount.citizen_id == who.citizen,
        without=frozenset({"citizen_id", "version"}),
        most=1,
    ),
)
