"""Issuing a letter, and checking one."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from app.applications.household import applicant_name_of
from app.applications.models import Application
from app.applications.queries import get_application
from app.audit.commands import record_act
from app.core.canonical import Json, canonical_bytes
from app.core.clock import today
from app.core.db import Database, ReadSession, WriteSession
from app.core.ids import new_id, new_number, new_secret_code, number_is_valid
from app.identity.actors import SYSTEM
from app.letters.contents import Said, gather
from app.letters.errors import LetterNotFound
from app.letters.kinds import Occasion
from app.letters.models import Letter
from app.letters.queries import find_by_number, find_letter
from app.letters.wording import Values, fill_in, wording_of, write_remedy
from app.programs.service_items import read_service_item
from app.reference.divisions import Level
from app.reference.errors import DivisionUnknown
from app.reference.queries import get_division

PREFIX = "TZ"  # 通知
# Who speaks at each level; the second words where the register of divisions does not name the place.
_AUTHORITIES = {
    Level.COUNTY: ("民政局", "县级人民政府民政部门"),
    Level.TOWNSHIP: ("人民政府", "乡镇人民政府（街道办事处）"),
}
_DIGITS = {Level.COUNTY: 6, Level.TOWNSHIP: 9}
# What machines find beside the words: null where a letter does not speak of it.
_FACTS: dict[str, Json] = dict.fromkeys(
    ("monthly_amount_fen", "members_counted", "first_month", "last_month", "due_on", "due_provisional")
)


class _Marks(NamedTuple):
    """What a letter has of its own."""

    number: str
    code: str
    on: date
    addressee: str


async def issue_letter(
    db: WriteSession, occasion: Occasion, *, level: Level | None = None, said: Said | None = None
) -> Letter | None:
    """Write the letter that is due on an occasion; the same again returns the one that was written.

    `level`: which authority speaks, where that differs from case to case. `said`: what a later stage has to say, which
    nothing here could gather. None for a case whose file was erased.

    Raises:
        ApplicationNotFound, DecisionNotFound, AwardNotFound: there is nothing the letter could be about.
    """
    application = await get_application(db, SYSTEM, occasion.application_id, lock=True)
    existing = await find_letter(db, occasion)
    if existing is not None or application.erased_at is not None:
        return existing
    on, row = today(db.clock), new_id()
    number, code = new_number(PREFIX, application.county, on), new_secret_code()
    authority = await _authority(db, application, level or wording_of(occasion.kind).authority, on)
    said = said or await gather(db, application, occasion, on)
    marks = _Marks(number, code, on, said.addressee or applicant_name_of(db, application))
    content = canonical_bytes(_body(application, occasion, said, authority, marks))
    letter = Letter(
        id=row,
        county=application.county,
        division=application.division,
        application_id=application.id,
        citizen_id=None if said.addressee else application.applicant_id,
        kind=occasion.kind,
        cause_id=occasion.cause,
        number=number,
        code_index=db.vault.index("letters.code", _code_text(number, code)),
        authority=str(authority["division"]),
        issued_at=db.clock.now(),
        digest=hashlib.sha256(content).hexdigest(),
        body_sealed=db.vault.seal("letters.body", row, content.decode(), division=application.county),
    )
    db.add(letter)
    await db.flush()
    await record_act(
        db, SYSTEM, "letter.issue", "letter", row, row=letter, case=application.case, kind=letter.kind.value
    )
    return letter


async def check_letter(database: Database, number: str, code: str) -> Letter:
    """Return the letter whose number and code these are. An unknown number and a wrong code answer the same.

    Raises:
        LetterNotFound: they do not belong together.
    """
    plain, secret = number.strip().upper(), code.strip().upper()
    if not number_is_valid(plain):
        raise LetterNotFound
    async with database.reading() as db:
        letter = await find_by_number(db, plain)
        given = db.vault.index("letters.code", _code_text(plain, secret))
        if not hmac.compare_digest(letter.code_index if letter else b"", given) or letter is None:
            raise LetterNotFound
    return letter


def _body(
    application: Application, occasion: Occasion, said: Said, authority: dict[str, Json], marks: _Marks
) -> dict[str, Json]:
    words = wording_of(occasion.kind)
    program = read_service_item(application.program).name.zh
    values: Values = {"program": program, "application": application.number, **said.values}
    return {
        "kind": occasion.kind.value,
        "title": words.title.format_map(values),
        "number": marks.number,
        "issued_on": marks.on.isoformat(),
        "authority": authority,
        "addressee": marks.addressee,
        # Who reads the end of an identity number must not have the number that it opens beside it.
        "application_number": None if said.addressee else application.number,
        "program": application.program,
        "before": fill_in(words.before, values),
        "points": said.points,
        "after": [*_explained(words.findings, said.findings), *fill_in(words.after, values)],
        "law": said.law,
        "remedies": [{**remedy, "text": write_remedy(remedy)} for remedy in said.remedies],
        **_FACTS,
        **said.facts,
        "check_code": marks.code,
    }


def _explained(above: str | None, findings: Sequence[str]) -> list[str]:
    """Write the words of the rules as paragraphs, under the one that says what they are."""
    if not findings or above is None:
        return []
    return [above, *(f"（{place}）{text}" for place, text in enumerate(findings, 1))]


async def _authority(db: ReadSession, application: Application, level: Level, on: date) -> dict[str, Json]:
    """Name who speaks. A division that is not in the register (any more) is no reason to keep a letter back."""
    code = application.division[: _DIGITS[level]].ljust(12, "0")
    office, anywhere = _AUTHORITIES[level]
    try:
        place = (await get_division(db, code, on)).name
    except DivisionUnknown:
        return {"level": level.value, "division": code, "name": anywhere}
    if level is Level.TOWNSHIP and place.endswith(("街道", "街道办事处")):
        place, office = place.removesuffix("办事处"), "办事处"
    return {"level": level.value, "division": code, "name": place + office}


def _code_text(number: str, code: str) -> str:
    """Return what the code's blind index is made of: the same code of another letter is another index."""
    return f"{number}:{code}"
