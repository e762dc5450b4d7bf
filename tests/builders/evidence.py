"""Letters for evidence, written, sent and answered by the stage's own commands."""

from typing import Any

from app.core.clock import today
from app.core.db import Database
from app.review.commands import (
    Asked,
    Reply,
    Sending,
    enter_evidence_answer,
    send_evidence_letter,
    write_evidence_letter,
)
from app.review.evidence_models import EvidenceLetter
from app.review.evidence_queries import get_evidence_letter
from app.review.evidence_terms import AddresseeKind, Finding, Form, Question
from tests.builders.review import Office
from tests.builders.verification import Case


def asked_of(case: Case, **given: Any) -> Asked:
    """Describe a letter to an employer about the applicant."""
    values = {
        "member_id": case.member("self"),
        "kind": AddresseeKind.OTHER if Question.OTHER in given.get("questions", ()) else AddresseeKind.EMPLOYER,
        "form": Form.ORGANISATION,
        "name": "测试纺织厂",
        "address": "测试镇测试路1号",
        "questions": [Question.EMPLOYMENT, Question.WAGES],
    }
    return Asked(**{**values, **given})


async def write_letter(database: Database, case: Case, office: Office, **given: Any) -> EvidenceLetter:
    """Let a handler write one."""
    async with database.unit_of_work() as db:
        return await write_evidence_letter(db, office.handler, case.id, asked_of(case, **given))


async def send_letter(
    database: Database, case: Case, office: Office, letter: EvidenceLetter, **given: Any
) -> EvidenceLetter:
    """Let two handlers sign it and send it today."""
    values = {"sent_on": today(database.clock), "way": "post", "investigators": [str(office.second.id)]}
    async with database.unit_of_work() as db:
        return await send_evidence_letter(db, office.handler, case.id, letter.id, Sending(**{**values, **given}))


async def build_sent_letter(database: Database, case: Case, office: Office, **given: Any) -> EvidenceLetter:
    """Make one that was sent today."""
    return await send_letter(database, case, office, await write_letter(database, case, office, **given))


async def answer_letter(
    database: Database, case: Case, office: Office, letter: EvidenceLetter, **given: Any
) -> EvidenceLetter:
    """Let its addressee confirm all that was asked, and a handler enter it today."""
    values = {
        "received_on": today(database.clock),
        "answers": [(Question(code), Finding.CONFIRMED) for code in letter.asked],
    }
    async with database.unit_of_work() as db:
        return await enter_evidence_answer(db, office.handler, case.id, letter.id, Reply(**{**values, **given}))


async def letter_as_it_stands(database: Database, case: Case, letter: EvidenceLetter) -> EvidenceLetter:
    """Return a letter, read anew."""
    async with database.reading() as db:
        return await get_evidence_letter(db, case.id, letter.id)
