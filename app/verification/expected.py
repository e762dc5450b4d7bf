"""What has to be asked about a household: whoever may count, each item that the program needs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.applications.household import answers_of, facts_of, hukou_of, name_of
from app.applications.models import Application, Member
from app.core.clock import legal_date
from app.core.db import ReadSession
from app.facts import FactKey, Item
from app.programs.declaration import MemberFacts
from app.programs.registry import get_program
from app.verification.comparison import Stated, stated_about


def members_to_check(db: ReadSession, application: Application) -> list[Member]:
    """Return the members that agencies are asked about, as things stood when the application was accepted."""
    if application.accepted_at is None:
        return []
    program, on = get_program(application.program), legal_date(application.accepted_at)
    return [member for member in application.members if program.asks_about(facts_of(db, member), on)]


def items_to_check(application: Application) -> tuple[Item, ...]:
    """Return the items that the program needs, in one fixed order."""
    needs = get_program(application.program).needs
    return tuple(item for item in Item if item in needs)


def stated_by(db: ReadSession, application: Application) -> Mapping[UUID, Mapping[FactKey, Stated]]:
    """Return what the household declared about each member, in the words that agencies answer in."""
    answers, facts = _declared(db, application)
    relations = [member.relation for member in application.members]
    return {
        member.id: stated_about(
            str(member.id),
            name_of(db, member),
            member.birth_date,
            member.relation,
            hukou_of(db, application, member),
            relations,
            getattr(answers, "property", None),
            getattr(answers, "income", None),
            member_facts.disability,
        )
        for member, member_facts in zip(application.members, facts, strict=True)
    }


def _declared(db: ReadSession, application: Application) -> tuple[Any, list[MemberFacts]]:
    """Return the answers on the program's own form, and what was declared about each member, in their order."""
    members = [facts_of(db, member) for member in application.members]
    return get_program(application.program).read_answers(answers_of(db, application), members), members
