"""What a letter says: gathered from the case when it is issued, and kept word for word.

Nobody of the staff is named: the authority speaks. What the household reads is the household's own data and the
reasons that were written for it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.applications.commands import words_of
from app.applications.household import id_number_of, name_of
from app.applications.models import Application
from app.applications.promise_lifecycle import Settlement
from app.applications.promise_queries import get_promise, list_promises
from app.applications.promise_terms import COSTS, PROVES
from app.applications.queries import list_members
from app.awards.adjusting_queries import get_adjustment
from app.awards.errors import AwardNotFound
from app.awards.hearing_queries import find_only_member, list_heard_about_less, list_heard_about_stop
from app.awards.histories import explain_amount
from app.awards.lifecycle import AmountCause, StopGround
from app.awards.models import Award, AwardAdjustment, Hearing
from app.awards.queries import find_award_of
from app.awards.recomputing_queries import list_amounts
from app.core.canonical import Json
from app.core.clock import legal_date
from app.core.crypto import ValueErased, Vault
from app.core.db import ReadSession
from app.core.money import fen_to_yuan
from app.core.months import next_month
from app.identity.actors import SYSTEM
from app.letters.coming import Coming, after_grant, amounts_to_come
from app.letters.disputed import ask_for_correction
from app.letters.errors import LetterTakenBack
from app.letters.findings import amount_explained, refusal_explained
from app.letters.kinds import Kind, Occasion
from app.letters.laws import laws_of
from app.letters.models import Letter
from app.letters.wording import Values, label, write_day, write_month
from app.notices.amounts import Amount
from app.reference.queries import name_place
from app.review.basis import remedies_of
from app.review.decisions import open_decision
from app.review.evidence_lifecycle import Status as EvidenceStatus
from app.review.evidence_queries import get_evidence_letter
from app.review.evidence_words import addressee_of, questions_in_chinese, words_of_letter
from app.review.grounds import WORDS, RefusalGround
from app.review.queries import get_decision
from app.standards.queries import find_change
from app.verification.commands import may_be_asked
from app.verification.commands.disputing import BASIS as DISPUTE_BASIS
from app.verification.dispute_lifecycle import PENDING
from app.verification.dispute_lifecycle import Status as DisputeStatus
from app.verification.dispute_models import ReportDispute
from app.verification.dispute_queries import get_dispute

# What an agency is not to be asked any more.
_UNSAID = frozenset({DisputeStatus.TAKEN_BACK, DisputeStatus.LAPSED})

# Against these nothing is to be done but what they ask for, or there is nothing to complain of.
# What a broken promise leads to is a decision of its own, with its remedies.
_WITHOUT_REMEDY = frozenset(
    {Kind.ENTRUSTED, Kind.ACCEPTED, Kind.SUPPLEMENT, Kind.RESUMED, Kind.PROMISED, Kind.PROMISE_BROKEN}
)


@dataclass(frozen=True)
class Said:
    """What is particular to one letter. `values` go into the paragraphs, `facts` beside them for machines.

    `findings`: the rules' own words about it. `addressee`: somebody outside the household, who reads nothing of the
    case but what stands in the paragraphs.
    """

    law: list[str]
    remedies: list[dict[str, Json]]
    values: Values = field(default_factory=dict)
    points: list[str] = field(default_factory=list)
    facts: dict[str, Json] = field(default_factory=dict)
    addressee: str | None = None
    findings: list[str] = field(default_factory=list)


async def gather(db: ReadSession, application: Application, occasion: Occasion, on: date) -> Said:
    """Return what the case has to say on an occasion.

    Raises:
        ValueErased: what it would say went with the case's file.
    """
    match occasion.kind:
        case Kind.GRANTED | Kind.REFUSED:
            return await _decided(db, application)
        case Kind.REDUCED | Kind.RAISED:
            return await _adjusted(db, await _award_of(db, application), occasion, on)
        case Kind.STOPPED | Kind.SUSPENDED | Kind.RESUMED:
            return await _managed(db, await _award_of(db, application), occasion, on)
        case Kind.PROMISED | Kind.PROMISE_BROKEN:
            return await _promised(db, application, occasion, on)
        case Kind.EVIDENCE:
            return await _evidence_asked(db, application, occasion)
        case Kind.CORRECTION:
            return await _correction_asked(db, application, occasion)
        case Kind.REDIRECTED:
            return await _redirected(db, application, on)
        case _:
            return _in_procedure(db, application, occasion.kind, on)


def open_letter(db: ReadSession, letter: Letter) -> dict[str, Any]:
    """Return what a letter says."""
    return open_body(db.vault, letter)


def open_body(vault: Vault, letter: Letter) -> dict[str, Any]:
    """Return what a letter says, where no session is open any more."""
    body: dict[str, Any] = json.loads(vault.open("letters.body", letter.id, letter.body_sealed))
    return body


def _in_procedure(db: ReadSession, application: Application, kind: Kind, on: date) -> Said:
    remedies = [] if kind in _WITHOUT_REMEDY else remedies_of(on)
    return Said(laws_of(kind, on), remedies, _days_of(application), *_told(db, application, kind))


async def _redirected(db: ReadSession, application: Application, on: date) -> Said:
    said, to = _in_procedure(db, application, Kind.REDIRECTED, on), application.redirected_to
    if to is None:
        raise ValueErased
    named = await name_place(db, to, on)
    return replace(said, values={**said.values, "right_place": named or f"区划代码{to}所辖的受理机关"})


async def _evidence_asked(db: ReadSession, application: Application, occasion: Occasion) -> Said:
    """The least that lets the addressee know whom it is about: the name, and the end of the identity number."""
    letter = await get_evidence_letter(db, application.id, occasion.cause)
    about = next(each for each in await list_members(db, application.id) if each.id == letter.member_id)
    words = words_of_letter(db, letter)["words"]
    values = {
        "person": name_of(db, about),
        "id_end": id_number_of(db, about)[-4:],
        "days": str(letter.answer_days),
    }
    asked = questions_in_chinese(letter) + ([words] if words else [])
    return Said(letter.law, [], values, asked, addressee=addressee_of(db, letter))


async def _correction_asked(db: ReadSession, application: Application, occasion: Occasion) -> Said:
    asked = await ask_for_correction(db, application, await get_dispute(db, SYSTEM, occasion.cause))
    return Said([DISPUTE_BASIS], [], asked.values, asked.points, asked.facts, addressee=asked.agency)


async def names_told(db: ReadSession, letter: Letter) -> list[str]:
    """Return the names of the household that a letter to somebody outside may tell, the longest first; of a letter to
    the household, none: the desk reads it as it is."""
    if letter.citizen_id is not None:
        return []
    names = {name_of(db, member) for member in await list_members(db, letter.application_id)}
    return sorted(names, key=len, reverse=True)


async def refuse_taken_back(db: ReadSession, letter: Letter) -> None:
    """Refuse to print what asks somebody outside who is not to be asked any more; of any other letter nothing.

    Raises:
        LetterTakenBack: it does.
    """
    if letter.kind == Kind.CORRECTION and await _is_unsaid(db, await get_dispute(db, SYSTEM, letter.cause_id)):
        raise LetterTakenBack
    if letter.kind != Kind.EVIDENCE:
        return
    asked = await get_evidence_letter(db, letter.application_id, letter.cause_id)
    if asked.status in (EvidenceStatus.DISCARDED, EvidenceStatus.CANCELLED):
        raise LetterTakenBack


async def _is_unsaid(db: ReadSession, dispute: ReportDispute) -> bool:
    """Say whether nobody says any longer what a letter to an agency says; what it answered it may be shown again."""
    return dispute.status in _UNSAID or (dispute.status in PENDING and not await may_be_asked(db, dispute))


async def _promised(db: ReadSession, application: Application, occasion: Occasion, on: date) -> Said:
    promise = await get_promise(db, application.id, occasion.cause)
    words = words_of(db, promise)
    values = {
        "paper": label("papers", promise.kind),
        "proves": PROVES[promise.kind].zh,
        "costs": COSTS.zh,
        "signed_on": write_day(legal_date(promise.signed_at)),
        "terms_version": promise.terms_version,
    }
    said = words["fact"] if occasion.kind is Kind.PROMISED else words["finding"]
    return Said(laws_of(occasion.kind, on), [], values, [said or ""])


def _days_of(application: Application) -> Values:
    accepted, ended, due = application.accepted_at, application.ended_at, application.decide_by
    return {
        "accepted_on": write_day(legal_date(accepted)) if accepted else None,
        "ended_on": write_day(legal_date(ended)) if ended else None,
        "decide_by": write_day(due) if due else None,
        "provisional": "" if application.decide_by_provisional else None,
    }


def _told(db: ReadSession, application: Application, kind: Kind) -> tuple[list[str], dict[str, Json]]:
    row = application.id
    if kind is Kind.SUPPLEMENT:
        if application.missing_sealed is None:
            raise ValueErased
        return json.loads(db.vault.open("applications.missing", row, application.missing_sealed)), {}
    if kind in (Kind.TERMINATED, Kind.REDIRECTED):
        if application.ended_reason_sealed is None:
            raise ValueErased
        return [db.vault.open("applications.ended_reason", row, application.ended_reason_sealed)], {}
    due = application.decide_by
    return [], {"due_on": due.isoformat() if due else None, "due_provisional": application.decide_by_provisional}


async def _decided(db: ReadSession, application: Application) -> Said:
    decision = await get_decision(db, application.id)
    body, month = open_decision(db, decision), decision.first_month
    named = body["decision"].get("ground")
    if month is None:
        settled = body["opinion"]["favourable"] and named != RefusalGround.OPEN_CONDITION
        findings = refusal_explained(decision.program, body["assessment"], settled=settled)
        findings += await _broken_promises(db, application)
    else:
        findings = amount_explained(decision.program, body["assessment"])
    coming = await after_grant(db, application.id, Amount(decision.monthly_amount_fen, month)) if month else Coming()
    return Said(
        decision.basis,
        decision.remedies,
        {
            "decision": decision.number,
            "decided_on": write_day(decision.decided_on),
            "members": str(decision.members_counted),
            "amount": fen_to_yuan(decision.monthly_amount_fen),
            "first_month": write_month(month) if month else None,
            "ground": WORDS[RefusalGround(named)].zh if named else None,
            **coming.values,
        },
        list(body["decision"]["reasons"]),
        {
            "monthly_amount_fen": decision.monthly_amount_fen if month else None,
            "members_counted": decision.members_counted if month else None,
            "first_month": month.isoformat()[:7] if month else None,
            **coming.facts,
        },
        findings=findings,
    )


async def _broken_promises(db: ReadSession, application: Application) -> list[str]:
    """Say which promises the refusal rests on; what was promised and found stands in the letter about the promise."""
    return [
        label("findings", "broken_promise").format(paper=label("papers", promise.kind))
        for promise in await list_promises(db, application.id)
        if promise.settlement == Settlement.REFUSED
    ]


async def _award_of(db: ReadSession, application: Application) -> Award:
    award = await find_award_of(db, application.id)
    if award is None:
        raise AwardNotFound
    return award


async def _managed(db: ReadSession, award: Award, occasion: Occasion, on: date) -> Said:
    kind = occasion.kind
    remedies = [] if kind in _WITHOUT_REMEDY else remedies_of(on)
    if kind is Kind.SUSPENDED:
        return Said(laws_of(kind, on), remedies, points=[label("doubts", occasion.reason or "")])
    if kind is Kind.RESUMED:
        return Said(laws_of(kind, on), remedies)
    if award.to_month is None or award.stop_ground is None or award.stop_reason_sealed is None:
        raise ValueErased
    reason = db.vault.open("awards.stop_reason", award.id, award.stop_reason_sealed)
    stop_from = write_month(next_month(award.to_month))
    ground = StopGround(award.stop_ground)
    heard = _days(await list_heard_about_stop(db, award, ground))
    # After the death of who lived alone relatives or the village were asked, and not the household.
    alone = ground is StopGround.DEATH and await find_only_member(db, award) is not None
    values: Values = {"stop_from": stop_from, "ground": label("grounds", award.stop_ground)}
    values = {**values, "heard_on": None if alone else heard, "told_on": heard if alone else None}
    law = laws_of(kind, on, award.stop_ground)
    return Said(law, remedies, values, [reason], {"last_month": award.to_month.isoformat()[:7]})


async def _adjusted(db: ReadSession, award: Award, occasion: Occasion, on: date) -> Said:
    adjustment = await get_adjustment(db, occasion.cause)
    reason = db.vault.open("award_adjustments.reason", adjustment.id, adjustment.reason_sealed)
    decided = Amount(adjustment.amount_fen, adjustment.from_month)
    last = award.to_month  # of an award that was stopped
    coming = await amounts_to_come(db, award, decided, until=last)
    values = {
        "reduce_from": write_month(adjustment.from_month),
        "raise_from": write_month(adjustment.from_month),
        "arrears": "" if adjustment.from_month <= on else None,
        "last_month": write_month(last) if last is not None else None,
        "before": fen_to_yuan(adjustment.before_fen),
        "amount": fen_to_yuan(adjustment.amount_fen),
        "ground": label("grounds", adjustment.ground),
        "heard_on": _days(await list_heard_about_less(db, adjustment)),
        **coming.values,
    }
    facts: dict[str, Json] = {
        "monthly_amount_fen": adjustment.amount_fen,
        "first_month": adjustment.from_month.isoformat()[:7],
        **coming.facts,
    }
    law = [*await _document_of(db, award, adjustment), *laws_of(occasion.kind, on, adjustment.ground)]
    findings = await _adjusted_by_rules(db, award, adjustment)
    return Said(law, remedies_of(on), values, [reason], facts, findings=findings)


async def _document_of(db: ReadSession, award: Award, adjustment: AwardAdjustment) -> list[str]:
    """Name the document that a higher amount rests on, where a changed standard is its ground."""
    for row in (await list_amounts(db, [award.id]))[award.id]:
        if row.adjustment_id == adjustment.id and row.cause == AmountCause.ADJUSTMENT and row.change_id is not None:
            change = await find_change(db, row.change_id)
            return [change.law] if change is not None else []
    return []


def _days(heard: Iterable[Hearing]) -> str | None:
    """Name the days on which the household was heard."""
    return "、".join(write_day(day) for day in sorted({each.heard_on for each in heard})) or None


async def _adjusted_by_rules(db: ReadSession, award: Award, adjustment: AwardAdjustment) -> list[str]:
    """Say how the rules came to the amount; nothing where it is a person's finding, which the reason tells."""
    for row in (await list_amounts(db, [award.id]))[award.id]:
        if row.adjustment_id == adjustment.id and row.numbers is not None:
            return amount_explained(award.program, await explain_amount(db, award, row.id))
    return []
