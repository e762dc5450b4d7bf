"""Naming who the supporters of the form are, so that they can be asked whether they let themselves be checked."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.conditional import IfMatch, PreconditionFailed, PreconditionRequired, required_version, tag
from app.api.common.deps import Db, ReadDb
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import IdNumber, In, Line, Out
from app.applications.commands import SupporterDetails, put_supporter, remove_supporter
from app.applications.errors import (
    ApplicationNotFound,
    EditedElsewhere,
    MemberAlreadyInHousehold,
    SupporterAlreadyNamed,
    SupporterNotAdult,
    SupporterNotFound,
    TooManySupporters,
)
from app.applications.household import id_number_of, name_of
from app.applications.models import Application
from app.applications.queries import get_whole_application
from app.applications.supporters import Consent
from app.core.db import ReadSession
from app.core.errors import StepNotAllowed
from app.identity.errors import IdNumberMalformed, NameMalformed, RealNameRequired, TokenRejected
from app.identity.masks import mask_id_number
from app.programs.declaration import Ref
from app.verification.support import Agreement
from app.verification.supporter_findings import SupporterFindings, read_supporters

router = Router(prefix="/v1/applications/{application_id}/supporters", tags=["applicant"])

_SEEN = (PreconditionRequired, PreconditionFailed, EditedElsewhere)


# To the applicant; who applies supports nobody in his own case.
SupporterRelation = Literal["spouse", "child", "parent", "grandparent", "grandchild", "sibling", "other"]


class SupporterIn(In):
    """Who a supporter of the form is. `supporter_ref`: the `ref` of the line in `answers.supporters`; `relation`: to
    the applicant."""

    supporter_ref: Annotated[Ref, Field(examples=["son"])]
    relation: Annotated[SupporterRelation, Field(examples=["child"])]
    name: Line
    id_number: IdNumber

    def details(self) -> SupporterDetails:
        """Return what the command takes."""
        return SupporterDetails(self.supporter_ref, self.relation, self.name, self.id_number)


class NamedSupporterOut(Out):
    """A supporter whom I named; the identity number is masked. `authorised`: he lets agencies be asked. What they found
    is his: `agreement` says whether it agrees with the form or differs, and is null where that is not known."""

    id: UUID
    supporter_ref: str
    relation: str
    name: str
    id_number_masked: str
    authorised: bool
    agreement: Agreement | None

    @classmethod
    def of(cls, db: ReadSession, found: SupporterFindings) -> "NamedSupporterOut":
        person = found.person
        return cls(
            id=person.id,
            supporter_ref=person.supporter_ref or "",
            relation=person.relation,
            name=name_of(db, person),
            id_number_masked=mask_id_number(id_number_of(db, person)),
            authorised=found.consent is Consent.AUTHORISED,
            agreement=found.agreement,
        )


class NamedSupportersOut(Out):
    """The supporters whom I named, all of them."""

    items: list[NamedSupporterOut]


async def _shown(db: ReadSession, application: Application) -> NamedSupportersOut:
    return NamedSupportersOut(items=[NamedSupporterOut.of(db, each) for each in await read_supporters(db, application)])


@router.get(
    "",
    operation_id="list_supporters",
    summary="List the supporters I named",
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def list_named(application_id: UUID, actor: Applicant, db: ReadDb) -> NamedSupportersOut:
    """Whether each lets himself be checked, and whether what was found agrees with the form."""
    return await _shown(db, await get_whole_application(db, actor, application_id))


@router.put(
    "/{supporter_id}",
    operation_id="put_supporter",
    summary="Name who a supporter outside the household is",
    responses=problems(
        TokenRejected,
        RealNameRequired,
        ApplicationNotFound,
        SupporterNotFound,
        StepNotAllowed,
        IdNumberMalformed,
        NameMalformed,
        SupporterNotAdult,
        MemberAlreadyInHousehold,
        SupporterAlreadyNamed,
        TooManySupporters,
        *_SEEN,
    ),
)
async def put(
    application_id: UUID,
    supporter_id: UUID,
    body: SupporterIn,
    actor: Applicant,
    db: Db,
    if_match: IfMatch = None,
) -> NamedSupportersOut:
    """Never needed: without it, or without his consent, nobody is asked, and a person looks at what I declared. Who is
    named finds the request when he signs in as himself, and authorises it or not (社会救助法 art. 41). Put under an id
    that the phone chose: sent again it changes nothing. Changing one that is there needs `If-Match` with the
    application's ETag."""
    seen = None if if_match is None else required_version(if_match)
    application = await put_supporter(db, actor, application_id, supporter_id, body.details(), seen=seen)
    tag(application.version)
    return await _shown(db, application)


@router.delete(
    "/{supporter_id}",
    operation_id="remove_supporter",
    summary="Name a supporter no more",
    responses=problems(TokenRejected, ApplicationNotFound, SupporterNotFound, StepNotAllowed, *_SEEN),
)
async def remove(
    application_id: UUID, supporter_id: UUID, actor: Applicant, db: Db, if_match: IfMatch = None
) -> NamedSupportersOut:
    """He is asked for nothing any more; what the form says of him stays."""
    application = await remove_supporter(db, actor, application_id, supporter_id, seen=required_version(if_match))
    tag(application.version)
    return await _shown(db, application)
