"""What stands sealed in an evidence letter, opened; and what an opinion names of it among its grounds."""

import json
from collections.abc import Sequence
from typing import Any

from app.core.db import ReadSession
from app.review.evidence_lifecycle import GROUNDS
from app.review.evidence_models import EvidenceLetter
from app.review.evidence_terms import KINDS, QUESTIONS, AddresseeKind, Question
from app.review.models import Opinion


def addressee_of(db: ReadSession, letter: EvidenceLetter) -> str:
    """Return who was asked, by name."""
    return db.vault.open("evidence_letters.addressee_name", letter.id, letter.addressee_name_sealed)


def address_of(db: ReadSession, letter: EvidenceLetter) -> str:
    """Return where the letter went."""
    return db.vault.open("evidence_letters.addressee_address", letter.id, letter.addressee_address_sealed)


def words_of_letter(db: ReadSession, letter: EvidenceLetter) -> dict[str, str | None]:
    """Return what was written by hand: `words` of what is asked, `remarks` of the answer, why it was `set_aside`."""
    written = {"words": letter.words_sealed, "remarks": letter.remarks_sealed, "set_aside": letter.set_aside_sealed}
    return {
        name: db.vault.open(f"evidence_letters.{name}", letter.id, value) if value else None
        for name, value in written.items()
    }


def answers_of_letter(db: ReadSession, letter: EvidenceLetter) -> dict[str, str]:
    """Return what was answered to each question; empty where nothing was."""
    if letter.answers_sealed is None:
        return {}
    answers: dict[str, str] = json.loads(db.vault.open("evidence_letters.answers", letter.id, letter.answers_sealed))
    return answers


def questions_in_chinese(letter: EvidenceLetter) -> list[str]:
    """Return what is asked, as the letter asks it."""
    return [QUESTIONS[Question(code)].zh for code in letter.asked]


def survey_record_of(letter: EvidenceLetter) -> str:
    """Say in the record of the survey what was sent, without naming anybody."""
    return f"向{KINDS[AddresseeKind(letter.addressee_kind)].zh}发函索证：{'；'.join(questions_in_chinese(letter))}。"


def grounds_of(db: ReadSession, letters: Sequence[EvidenceLetter]) -> str:
    """Write down, as JSON, the letters that an opinion rests on as they stand; silence is named and weighs nothing."""
    return json.dumps(
        [
            {
                "id": str(letter.id),
                "member_id": str(letter.member_id),
                "addressee_kind": letter.addressee_kind,
                "sent_on": letter.sent_on.isoformat() if letter.sent_on else None,
                "status": letter.status,
                "received_on": letter.received_on.isoformat() if letter.received_on else None,
                "asked": letter.asked,
                "answers": answers_of_letter(db, letter),
            }
            for letter in letters
            if letter.status in GROUNDS
        ]
    )


def open_grounds(db: ReadSession, opinion: Opinion) -> list[dict[str, Any]]:
    """Return the letters that an opinion named among its grounds; none of one given before there were any."""
    if opinion.evidence_sealed is None:
        return []
    grounds: list[dict[str, Any]] = json.loads(db.vault.open("opinions.evidence", opinion.id, opinion.evidence_sealed))
    return grounds
