"""Promising in the place of a paper: what I am told first, what I promise, what became of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.deps import Db, ReadDb
from app.api.common.problems import problems, wants_english
from app.api.common.promises import Paper, PromiseOut
from app.api.common.routing import Router
from app.api.common.schemas import Id, IdNumber, In, Line, Out, Paragraph
from app.applications.commands import Word, make_promise, papers_open_to, withdraw_promise
from app.applications.errors import (
    ApplicationNotFound,
    MemberNotFound,
    PromiseNotFound,
    PromiseNotOpen,
    SignatureMismatch,
)
from app.applications.promise_queries import list_promises
from app.applications.promise_terms import COSTS, LAW, PROVES, VERSION
from app.applications.queries import get_whole_application
from app.core.errors import StepNotAllowed
from app.identity.errors import IdNumberMalformed, NameMalformed, TokenRejected

router = Router(prefix="/v1/applications/{application_id}/promises", tags=["applicant"])


class PromiseTermOut(Out):
    """A paper that a promise may stand for, and what it must prove."""

    kind: str
    proves: str


class MyPromisesOut(Out):
    """What I am told before I promise (`version`, `open_to`, `costs`, `law`), and what I promised, oldest first.

    `open_to` is empty where the place has opened it for no paper, or where I broke a promise before, or a member who
    has authorised the checks; promises end when such a member authorises them.
    """

    version: str
    open_to: list[PromiseTermOut]
    costs: str
    law: list[str]
    items: list[PromiseOut]


class PromiseIn(In):
    """A promise in the place of a paper. `fact`: what is so; `why`: why the paper cannot be had in time;
    `terms_version`: the words that were read. An adult member signs, with name and identity number."""

    kind: Paper
    member_id: Id
    fact: Annotated[Paragraph, Field(examples=["本人患慢性肾病，每周透析三次。"])]
    why: Annotated[Paragraph, Field(examples=["诊断医院在外省，暂无法取得证明。"])]
    terms_version: Annotated[Line, Field(examples=[VERSION])]
    signer_member_id: Id
    signer_name: Line
    signer_id_number: IdNumber

    def word(self) -> Word:
        """Return what the command takes."""
        return Word(**self.model_dump())


@router.get(
    "",
    operation_id="list_my_promises",
    summary="See what a promise may stand for, and what I promised",
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def list_mine(application_id: UUID, actor: Applicant, db: ReadDb, request: Request) -> MyPromisesOut:
    """Read this first: what must be proven, and what an untrue promise costs. The same comes as a letter."""
    application, english = await get_whole_application(db, actor, application_id), wants_english(request)
    return MyPromisesOut(
        version=VERSION,
        open_to=[
            PromiseTermOut(kind=kind, proves=PROVES[kind][english]) for kind in await papers_open_to(db, application)
        ],
        costs=COSTS[english],
        law=list(LAW),
        items=[PromiseOut.of(db, row) for row in await list_promises(db, application.id)],
    )


@router.post(
    "",
    status_code=201,
    operation_id="make_promise",
    summary="Promise in the place of a paper",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        MemberNotFound,
        StepNotAllowed,
        PromiseNotOpen,
        SignatureMismatch,
        IdNumberMalformed,
        NameMalformed,
    ),
)
async def promise(application_id: UUID, body: PromiseIn, actor: Applicant, db: Db) -> PromiseOut:
    """The acceptance goes on without the paper; the township sees afterwards whether it is true."""
    return PromiseOut.of(db, await make_promise(db, actor, application_id, body.word()))


@router.post(
    "/{promise_id}/withdraw",
    operation_id="withdraw_promise",
    summary="Take a promise back",
    responses=problems(TokenRejected, ApplicationNotFound, PromiseNotFound, StepNotAllowed),
)
async def withdraw(application_id: UUID, promise_id: UUID, actor: Applicant, db: Db) -> PromiseOut:
    """While the application can be edited: the paper was found, say."""
    return PromiseOut.of(db, await withdraw_promise(db, actor, application_id, promise_id))
