"""What has to be asked about a household: whoever may count, each item that the program needs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.applications.household import answers_of, facts_of, hukou_of, is_minor, name_of
from app.applications.models import Application, Member
from app.core.clock import legal_date, today
from app.core.db import ReadSession
from app.facts import FactKey, Item
from app.programs.declaration import MemberFacts
from app.programs.registry import get_program
from app.reference.divisions import province_of
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


def concerns(db: ReadSession, application: Application, member: Member, item: Item) -> bool:
    """Say whether there is anything to ask about a member: another province only about who is registered in one, by
    what was declared."""
    return item is not Item.OTHER_PROVINCE or registered_elsewhere(db, application, member) is not None


def registered_elsewhere(db: ReadSession, application: Application, member: Member) -> str | None:
    """Return where a member is registered, if that is another province than the one the household applies in."""
    hukou = hukou_of(db, application, member)
    return None if province_of(hukou) == province_of(application.division) else hukou


def stated_by(db: ReadSession, application: Application) -> Mapping[UUID, Mapping[FactKey, Stated]]:
    """Return what the household declared about each member, in the words that agencies answer in."""
    answers, facts = _declared(db, application)
    on = legal_date(application.accepted_at) if application.accepted_at else today(db.clock)
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
            getattr(answers, "expenses", None),
            member_facts,
            of_age=not is_minor(member, on),
        )
        for member, member_facts in zip(application.members, facts, strict=True)
    }


def _declared(db: ReadSession, application: Application) -> tuple[Any, list[MemberFacts]]:
    """Return the answers on the program's own form, and what was declared about each member, in their order."""
    members = [facts_of(db, member) for member in application.members]
    return get_program(application.program).read_answers(answers_of(db, application), members), members
