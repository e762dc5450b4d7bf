"""The phone's side of an application: draft, household, signatures, submission."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Response

from app.api.applicant.schemas import (
    ApplicationOut,
    ApplicationPatch,
    ApplicationSummary,
    AuthorisationIn,
    AuthorisationOut,
    ContinuationIn,
    DraftIn,
    MemberIn,
    SubmitIn,
)
from app.api.common.callers import Applicant
from app.api.common.conditional import (
    IfMatch,
    PreconditionFailed,
    PreconditionRequired,
    check_version,
    required_version,
    tag,
)
from app.api.common.deps import Db, ReadDb
from app.api.common.limits import LimitsDep
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.places import VenueOut
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Page
from app.applications.commands import (
    continue_application,
    discard_draft,
    edit_draft,
    put_member,
    remove_member,
    sign_authorisation,
    start_draft,
    submit_application,
    supplement_application,
    withdraw_application,
    withdraw_authorisation,
)
from app.applications.desk_queries import list_applications
from app.applications.errors import (
    ApplicationAlreadyOpen,
    ApplicationIncomplete,
    ApplicationNotFound,
    ApplicationNotRedirected,
    EditedElsewhere,
    EntrustmentNotAllowed,
    MemberAlreadyInHousehold,
    MemberNotFound,
    NotAVillage,
    NotTheNamedPlace,
    PersonAlreadyInCase,
    SignatureMismatch,
    WrongPlace,
)
from app.applications.models import Application
from app.applications.queries import get_application, get_whole_application
from app.core.db import ReadSession
from app.core.errors import StepNotAllowed
from app.identity.actors import Actor
from app.identity.errors import IdNumberMalformed, NameMalformed, RealNameRequired, TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import HAND_INS
from app.programs.errors import AnswersNotValid, ProgramNotOpen, ProgramUnknown
from app.reference.errors import DivisionMalformed, DivisionUnknown

_HANDING_IN = (
    TokenRejected,
    ApplicationNotFound,
    MemberNotFound,
    StepNotAllowed,
    ApplicationIncomplete,
    WrongPlace,
    PersonAlreadyInCase,
    TooManyRequests,
)
_PLACE = (DivisionMalformed, DivisionUnknown)
_SEEN = (PreconditionRequired, PreconditionFailed)

router = Router(prefix="/v1/applications", tags=["applicant"])


async def _shape(db: ReadSession, actor: Actor, application_id: UUID) -> ApplicationOut:
    return _shown(db, actor, await get_whole_application(db, actor, application_id))


def _shown(db: ReadSession, actor: Actor, application: Application) -> ApplicationOut:
    tag(application.version)
    return ApplicationOut.of(db, application, actor.role)


@router.post(
    "",
    status_code=201,
    operation_id="start_application",
    summary="Begin an application",
    responses=problems(
        TokenRejected,
        RealNameRequired,
        ProgramUnknown,
        ProgramNotOpen,
        DivisionUnknown,
        NotAVillage,
        ApplicationAlreadyOpen,
        EntrustmentNotAllowed,
    ),
)
async def start(body: DraftIn, actor: Applicant, db: Db, response: Response) -> ApplicationOut:
    """Begin a draft. One open application per applicant and program; the draft is kept until submitted or discarded."""
    application = await start_draft(db, actor, body.program, body.division)
    response.headers["Location"] = f"/v1/applications/{application.id}"
    return await _shape(db, actor, application.id)


@router.post(
    "/{application_id}/continuation",
    status_code=201,
    operation_id="continue_application",
    summary="Take an application along to the place that was named",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        ApplicationNotRedirected,
        NotTheNamedPlace,
        RealNameRequired,
        ProgramNotOpen,
        DivisionUnknown,
        NotAVillage,
        ApplicationAlreadyOpen,
        EntrustmentNotAllowed,
    ),
)
async def continue_elsewhere(
    application_id: UUID, body: ContinuationIn, actor: Applicant, db: Db, response: Response
) -> ApplicationOut:
    """Begin a draft in a village of the place that the township named (`redirected_to`), with members, answers, address
    and papers of the application that was sent away. Everybody signs anew, and the household looks everything over."""
    application = await continue_application(db, actor, application_id, body.division)
    response.headers["Location"] = f"/v1/applications/{application.id}"
    return await _shape(db, actor, application.id)


@router.get(
    "",
    operation_id="list_my_applications",
    summary="List my applications",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_mine(actor: Applicant, db: ReadDb, limit: Limit = 20, cursor: Cursor = None) -> Page[ApplicationSummary]:
    """Newest first."""
    after = read_id_cursor(db.vault, actor, "applications", cursor)
    rows = await list_applications(db, actor, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "applications", str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[ApplicationSummary.of_row(db, row) for row in rows[:limit]], next=following)


@router.get(
    "/{application_id}",
    operation_id="get_my_application",
    summary="Read one application",
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def get(application_id: UUID, actor: Applicant, db: ReadDb) -> ApplicationOut:
    """The whole application with its household and what is possible now."""
    return await _shape(db, actor, application_id)


@router.patch(
    "/{application_id}",
    operation_id="edit_application",
    summary="Change answers, address or residence",
    responses=problems(
        TokenRejected, ApplicationNotFound, StepNotAllowed, AnswersNotValid, *_PLACE, *_SEEN, EditedElsewhere
    ),
)
async def edit(
    application_id: UUID,
    body: Annotated[ApplicationPatch, Body(media_type="application/merge-patch+json")],
    actor: Applicant,
    db: Db,
    if_match: IfMatch = None,
) -> ApplicationOut:
    """Apply a merge patch (RFC 7396), made on the version that `If-Match` names. Possible while a draft, and while a
    supplement is asked for. What another device changed since is kept; where it changed the same field, the answer is
    409 and `conflicts` shows both values."""
    changes = body.model_dump(mode="json", exclude_unset=True)
    await edit_draft(db, actor, application_id, changes, seen=required_version(if_match))
    return await _shape(db, actor, application_id)


@router.get(
    "/{application_id}/place",
    operation_id="get_place_of_my_application",
    summary="See whether this is the right place to apply",
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def get_place(application_id: UUID, actor: Applicant, db: ReadDb) -> VenueOut:
    """By where the members are registered and live: this place and why, or the right one."""
    return await VenueOut.of(db, await get_whole_application(db, actor, application_id))


@router.delete(
    "/{application_id}",
    status_code=204,
    operation_id="discard_application",
    summary="Throw a draft away",
    responses=problems(TokenRejected, ApplicationNotFound, StepNotAllowed, *_SEEN),
)
async def discard(application_id: UUID, actor: Applicant, db: Db, if_match: IfMatch = None) -> None:
    """Forget a draft and everything entered in it."""
    check_version(if_match, (await get_application(db, actor, application_id, lock=True)).version)
    await discard_draft(db, actor, application_id)


@router.put(
    "/{application_id}/members/{member_id}",
    operation_id="put_member",
    summary="Add or change a household member",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        MemberNotFound,
        StepNotAllowed,
        IdNumberMalformed,
        NameMalformed,
        MemberAlreadyInHousehold,
        *_PLACE,
        EditedElsewhere,
        *_SEEN,
    ),
)
async def put_household_member(
    application_id: UUID, member_id: UUID, body: MemberIn, actor: Applicant, db: Db, if_match: IfMatch = None
) -> ApplicationOut:
    """Put a member under an id that the phone chose: sent again after a lost answer, it changes nothing. Changing a
    member that is there needs `If-Match` with the application's ETag."""
    seen = None if if_match is None else required_version(if_match)
    await put_member(db, actor, application_id, member_id, body.details(), seen=seen)
    return await _shape(db, actor, application_id)


@router.delete(
    "/{application_id}/members/{member_id}",
    operation_id="remove_member",
    summary="Remove a household member",
    responses=problems(TokenRejected, ApplicationNotFound, MemberNotFound, StepNotAllowed, EditedElsewhere, *_SEEN),
)
async def remove_household_member(
    application_id: UUID, member_id: UUID, actor: Applicant, db: Db, if_match: IfMatch = None
) -> ApplicationOut:
    """Take a member out, with the authorisations signed for it and by it."""
    await remove_member(db, actor, application_id, member_id, seen=required_version(if_match))
    return await _shape(db, actor, application_id)


@router.post(
    "/{application_id}/authorisations",
    status_code=201,
    operation_id="sign_authorisation",
    summary="Sign a member's authorisation to be checked",
    responses=problems(TokenRejected, ApplicationNotFound, MemberNotFound, StepNotAllowed, SignatureMismatch),
)
async def sign(application_id: UUID, body: AuthorisationIn, actor: Applicant, db: Db) -> AuthorisationOut:
    """Each adult member signs for himself; for a member under 18 the guardian does, an adult of the household, named in
    `signer_member_id`, or else the applicant, whose own signature counts for it when the application is handed in.
    Without every authorisation it cannot be."""
    signed = await sign_authorisation(
        db,
        actor,
        application_id,
        body.member_id,
        signer_member_id=body.signer_member_id or body.member_id,
        signer_name=body.signer_name,
        signer_id_number=body.signer_id_number,
        without_capacity=body.without_capacity,
    )
    return AuthorisationOut(
        id=signed.id,
        member_id=signed.member_id,
        signed_by_member_id=signed.signed_by_member_id,
        text_version=signed.text_version,
        method=signed.method,
        signed_at=signed.signed_at,
    )


@router.delete(
    "/{application_id}/authorisations/{member_id}",
    status_code=204,
    operation_id="withdraw_authorisation",
    summary="Withdraw a member's authorisation",
    responses=problems(TokenRejected, ApplicationNotFound, MemberNotFound),
)
async def withdraw_consent(application_id: UUID, member_id: UUID, actor: Applicant, db: Db) -> None:
    """No new query is made from now on; the authority may then end the procedure."""
    await withdraw_authorisation(db, actor, application_id, member_id)


@router.post(
    "/{application_id}/submit",
    operation_id="submit_application",
    summary="Submit an application",
    responses=problems(*_HANDING_IN),
)
async def submit(application_id: UUID, body: SubmitIn, actor: Applicant, db: Db, limits: LimitsDep) -> ApplicationOut:
    """Hand in. Answers with the receipt `number` and the `lookup_code`; what is missing is named all at once."""
    async with limits.counting((PersonAlreadyInCase,), (HAND_INS, str(actor.id))):
        handed_in = await submit_application(
            db, actor, application_id, truth_promised=body.truth_promised, relatives=body.relatives()
        )
    return _shown(db, actor, handed_in)


@router.post(
    "/{application_id}/supplement",
    operation_id="supplement_application",
    summary="Hand in what was missing",
    responses=problems(*_HANDING_IN),
)
async def supplement(
    application_id: UUID, body: SubmitIn, actor: Applicant, db: Db, limits: LimitsDep
) -> ApplicationOut:
    """Answer the one-time notice."""
    async with limits.counting((PersonAlreadyInCase,), (HAND_INS, str(actor.id))):
        handed_in = await supplement_application(
            db, actor, application_id, truth_promised=body.truth_promised, relatives=body.relatives()
        )
    return _shown(db, actor, handed_in)


@router.post(
    "/{application_id}/withdraw",
    operation_id="withdraw_application",
    summary="Withdraw an application",
    responses=problems(TokenRejected, ApplicationNotFound, StepNotAllowed),
)
async def withdraw(application_id: UUID, actor: Applicant, db: Db) -> ApplicationOut:
    """Take it back before the decision. Everybody in it may apply again at once."""
    await withdraw_application(db, actor, application_id)
    return await _shape(db, actor, application_id)
