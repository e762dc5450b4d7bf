"""Letters as both sides read them; what stands in `content` is what was issued, word for word."""

import operator
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import Field

from app.api.common.decisions import RemedyOut
from app.api.common.deps import Tools
from app.api.common.downloads import attachment
from app.api.common.posted_amounts import NextAmount
from app.api.common.schemas import Fen, Moment, Out
from app.core.db import ReadSession
from app.identity.masks import HIDDEN, mask_name, mask_numbers
from app.letters.contents import open_body, open_letter
from app.letters.disputed import found_told, mask_found, names_found
from app.letters.kinds import Kind
from app.letters.models import Letter
from app.letters.printing import digest_print, print_letter
from app.reference.divisions import Level

CHECKS = "/v1/public/letter-checks"


class AuthorityOut(Out):
    """Who issued it."""

    level: Level
    division: str
    name: str


class LetterContentOut(Out):
    """What the letter says, in Chinese. `before` and `after` are the paragraphs around the `points`: what is missing,
    or the reasons. What a letter does not speak of is null. `next_amounts`: what was decided for months to come, or
    what published numbers make of the amount from its first month on; absent where nothing is to change."""

    kind: Kind
    title: str
    number: str
    issued_on: str
    authority: AuthorityOut
    addressee: str
    application_number: str | None
    program: str
    before: list[str]
    points: list[str]
    after: list[str]
    law: list[str]
    remedies: list[RemedyOut]
    monthly_amount_fen: Fen | None
    members_counted: int | None
    first_month: str | None
    last_month: str | None
    due_on: str | None
    due_provisional: bool | None
    # Absent as in the letter that was kept: the digest is that of what stands here.
    next_amounts: Annotated[list[NextAmount], Field(exclude_if=operator.not_)] = Field(default=[], max_length=100)
    check_code: str


class LetterOut(Out):
    """One letter. `sha256` is that of `content` as canonical JSON: members sorted, no spaces, UTF-8. Anyone can check
    it by `number` and `content.check_code` at `POST /v1/public/letter-checks`."""

    id: UUID
    application_id: UUID
    kind: Kind
    title: str
    number: str
    issued_at: Moment
    sha256: str
    content: LetterContentOut

    @classmethod
    def of(cls, db: ReadSession, letter: Letter) -> "LetterOut":
        """Shape a letter for the one it was written to."""
        return _shape(letter, open_letter(db, letter))

    @classmethod
    async def masked(cls, db: ReadSession, letter: Letter, names: Sequence[str] = ()) -> "LetterOut":
        """Shape a letter for the desk: whom it went to is masked, and the code is his; in one to somebody outside the
        household, `names` and numbers are masked, too, and what an agency found is as the report shows it there."""
        body = open_letter(db, letter)
        found = await found_told(db, letter, body)
        if found is not None:
            body["points"] = mask_found(body["points"], found)
            names = [*names, *names_found(found)]
        # An agency is no person: whom a correction is asked of is for the desk to read.
        addressee = body["addressee"] if letter.kind == Kind.CORRECTION else mask_name(body["addressee"])
        masked = {**body, "addressee": addressee, "check_code": HIDDEN}
        if names:
            masked |= {part: [_without(names, text) for text in body[part]] for part in ("before", "points", "after")}
        return _shape(letter, masked)


class LetterLineOut(Out):
    """One letter in a list."""

    id: UUID
    kind: Kind
    title: str
    number: str
    issued_at: Moment


class LettersOut(Out):
    """All letters of one case, oldest first."""

    items: list[LetterLineOut]

    @classmethod
    def of(cls, db: ReadSession, letters: Sequence[Letter]) -> "LettersOut":
        """Shape a list, which tells nothing of anybody."""
        return cls(
            items=[
                LetterLineOut(
                    id=letter.id,
                    kind=letter.kind,
                    title=open_letter(db, letter)["title"],
                    number=letter.number,
                    issued_at=letter.issued_at,
                )
                for letter in letters
            ]
        )


class LetterCheckOut(Out):
    """That there is such a letter, and what anybody may know of it. `sha256`: of its `content`, see `LetterOut`; it
    stands on the PDF, too. `pdf_sha256`: of the PDF as it is given out now; of another release it may be another."""

    valid: bool = Field(description="Always true: what cannot be found is 404")
    kind: Kind
    number: str
    issued_at: Moment
    authority_division: str
    sha256: str
    pdf_sha256: str

    @classmethod
    def of(cls, letter: Letter, pdf_sha256: str) -> "LetterCheckOut":
        """Shape what was found."""
        return cls(
            valid=True,
            kind=letter.kind,
            number=letter.number,
            issued_at=letter.issued_at,
            authority_division=letter.authority,
            sha256=letter.digest,
            pdf_sha256=pdf_sha256,
        )


async def digest_of_print(tools: Tools, letter: Letter) -> str:
    """Return the SHA-256 of a letter's PDF."""
    body = open_body(tools.database.vault, letter)
    return await digest_print(body, digest=letter.digest, issued_at=letter.issued_at, check_at=_check_at(tools))


async def give_out(tools: Tools, letter: Letter) -> Response:
    """Answer with a letter as a PDF to keep, with the address where it can be checked."""
    body = open_body(tools.database.vault, letter)
    printed = await print_letter(body, digest=letter.digest, issued_at=letter.issued_at, check_at=_check_at(tools))
    return attachment(printed.content, "application/pdf", letter.number, printed.sha256)


def _without(names: Sequence[str], text: str) -> str:
    for name in names:
        text = text.replace(name, mask_name(name))
    return mask_numbers(text)


def _check_at(tools: Tools) -> str:
    return tools.settings.public_url.rstrip("/") + CHECKS


def _shape(letter: Letter, body: Mapping[str, Any]) -> LetterOut:
    return LetterOut(
        id=letter.id,
        application_id=letter.application_id,
        kind=letter.kind,
        title=body["title"],
        number=letter.number,
        issued_at=letter.issued_at,
        sha256=letter.digest,
        content=LetterContentOut.model_validate(body),
    )
