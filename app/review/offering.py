"""What a person is offered to do in a case: what the table allows, less what could only be refused in this one."""

from collections.abc import Sequence

from app.applications.household import answers_of, facts_of
from app.applications.models import Application
from app.applications.queries import get_application, get_whole_application
from app.core.clock import today
from app.core.db import ReadSession
from app.identity.actors import Actor
from app.programs.registry import get_program
from app.review.authority import actions_for
from app.review.lifecycle import Action
from app.review.models import Opinion, Review
from app.review.notice_skipping import may_concern
from app.review.surveyed import find_survey_missing

_OPINIONS = frozenset({Action.FAVOUR, Action.FAVOUR_UNPOSTED, Action.OPPOSE})


async def actions_offered(db: ReadSession, actor: Actor, review: Review, opinions: Sequence[Opinion]) -> list[Action]:
    """List what the actor may do now. `opinions`: those of the case, oldest first.

    Raises:
        ApplicationNotFound: the case lies outside the actor's division.
    """
    application = await get_application(db, actor, review.application_id)
    possible = actions_for(application, review.status, actor.role)
    refused: set[Action] = set()
    if _OPINIONS & set(possible) and await find_survey_missing(db, review) is not None:
        refused |= _OPINIONS  # until somebody was there, or went again
    elif Action.FAVOUR_UNPOSTED in possible and not await _is_about_children(db, actor, application):
        refused.add(Action.FAVOUR_UNPOSTED)
    if Action.CONFIRM in possible and opinions and not opinions[-1].favourable:
        refused.add(Action.CONFIRM)  # until it was given back: nothing was posted that could be confirmed
    return [action for action in possible if action not in refused]


async def _is_about_children(db: ReadSession, actor: Actor, application: Application) -> bool:
    whole, program = await get_whole_application(db, actor, application.id), get_program(application.program)
    members = [facts_of(db, member) for member in whole.members]
    answers = program.answers_model.model_validate(answers_of(db, whole))
    return may_concern(members, program.beneficiaries(answers, members), today(db.clock))
