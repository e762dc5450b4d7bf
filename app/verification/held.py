"""What verification holds about a citizen: what was asked of which agency, and what was found.

What agencies found about another adult is that person's: he gets it in a copy of his own. What they were asked about a
supporter outside the household is in his alone. What they found about a minor of the household, its applicant may know.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

from app.core.db import ReadSession
from app.core.held import Holding, Subject
from app.identity.masks import HIDDEN
from app.verification.conclusion_models import ReportConclusion
from app.verification.dispute_models import ReportDispute
from app.verification.models import Check, HouseholdReport
from app.verification.need_models import CheckUse
from app.verification.need_queries import uses_of
from app.verification.queries import facts_found, open_report
from app.verification.report import Content, Person
from app.verification.values import write_facts

_WORKINGS = frozenset(
    {"county", "version", "ticket", "attempts", "attempts_before", "last_failure", "next_attempt_at", "to_take_up"}
)
_PEOPLE = frozenset({"answered_by", "entered_by"})
_FOUND = frozenset({"facts_sealed", "entered_facts_sealed", "note_sealed", "scan_upload_id"})


def _concerns(who: Subject) -> ColumnElement[bool]:
    """Say which checks are somebody's to read of: of her cases, but not about a supporter, who is asked for himself."""
    of_case = and_(Check.application_id.in_(who.cases), ~Check.of_supporter)
    return or_(of_case, Check.member_id.in_(who.memberships))


def _may_know(member: UUID, who: Subject) -> bool:
    return member in who.memberships or member in who.wards


def _found(db: ReadSession, check: Check, who: Subject) -> Mapping[str, Any]:
    by_hand = {"answered_by_hand": check.answered_by is not None}
    if not _may_know(check.member_id, who):
        return {**by_hand, "outcome": HIDDEN if check.outcome else None, "entered_outcome": None, "facts": HIDDEN}
    return {**by_hand, "facts": json.loads(write_facts(facts_found(db, check)))}


def _report(db: ReadSession, report: HouseholdReport, who: Subject) -> Mapping[str, Any]:
    content = open_report(db, report)
    people = tuple(person if _may_know(person.member, who) else _declared_only(person) for person in content.members)
    known = content.only([person.member for person in content.members if _may_know(person.member, who)])
    said = Content(members=people, score=known.score).model_dump(mode="json", exclude={"members": {"__all__": _BY}})
    return {"members": said["members"], "contradictions": said["score"]}


# Who of the staff entered something by hand.
_BY: dict[str, Any] = {"entries": {"__all__": {"answered_by": True, "entered": {"by"}}}}


def _declared_only(person: Person) -> Person:
    """Return what was declared about somebody, without anything that was found."""
    entries = tuple(
        entry.model_copy(
            update={
                "entered": None,
                "fields": tuple(
                    field.model_copy(update={"found": None, "as_of": None, "difference": None})
                    for field in entry.fields
                ),
            }
        )
        for entry in person.entries
    )
    return person.model_copy(update={"entries": entries})


HELD = (
    Holding(
        Check,
        _concerns,
        without=_WORKINGS | _PEOPLE | _FOUND,
        adds=_found,
        withheld=("note", "entered_facts", "scan"),
        most=500,
    ),
    Holding(
        CheckUse,
        lambda who: uses_of(_concerns(who)),
        without=frozenset({"county"}),
        most=500,
    ),
    Holding(
        HouseholdReport,
        lambda who: HouseholdReport.application_id.in_(who.cases),
        without=frozenset({"county", "state", "fields_sealed", "points"}),
        adds=_report,
        most=10,
    ),
    Holding(
        ReportConclusion,
        lambda who: ReportConclusion.application_id.in_(who.cases),
        without=frozenset({"county", "concluded_by", "statement_sealed"}),
        withheld=("statement",),  # it may speak of what was found about another adult
    ),
    Holding(
        ReportDispute,
        lambda who: ReportDispute.citizen_id == who.citizen,
        without=frozenset({"county", "citizen_id", "sent_by", "answered_by", "scan_upload_id", "version"}),
        withheld=("scan",),
    ),
)
