"""An agency that is silent: its county is told, once, and once more when it answers again; what it owes is rerouted."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import SYSTEM
from app.partners.registry import AGENCIES
from app.reference.procedure import Setting
from app.reference.term_queries import load_procedure
from app.verification.agency_models import WHOLE, AgencyOutage
from app.verification.agency_queries import Silence, Waiting, add_outage, end_outage
from app.verification.commands.asking import give_up
from app.verification.commands.entry import settle_entry
from app.verification.commands.opening import Ways, await_entry, load_ways
from app.verification.dispute_queries import is_recheck
from app.verification.events import AgencyAnswersAgain, AgencyFellSilent
from app.verification.lifecycle import ASKED, LIFECYCLE, Action
from app.verification.lifecycle import Status as CheckStatus
from app.verification.models import Check
from app.verification.prefill import PREFILLING
from app.verification.queries import lock_check


def wholes_and_items(waiting: Sequence[Waiting]) -> list[Waiting]:
    """Return what waits for each agency as a whole, and then what waits item by item."""
    sums: Counter[tuple[str, str]] = Counter()
    for each in waiting:
        sums[each.county, each.partner] += each.questions
    return [*(Waiting(*place, WHOLE, questions) for place, questions in sums.items()), *waiting]


def is_about_one_item(waiting: Waiting, silence: Silence) -> bool:
    """Say whether what would be told of an agency as a whole is to be told of its one item that fails: nothing is known
    of the others."""
    several = any(len(agency.items) > 1 for agency in AGENCIES if agency.code == waiting.partner)
    return waiting.item == WHOLE and several and silence.items == 1


async def tell_of_silence(db: WriteSession, waiting: Waiting, silence: Silence) -> bool:
    """Tell a county's supervisors that an agency is silent, where it has been for as long, and failed as often, as the
    county says; False where it has not, or they were told.

    Where few ask, few questions fail: a silence that lasts as many times as long is told of however few they were.
    """
    division = waiting.county + "000000"
    procedure = await load_procedure(db, division, today(db.clock))
    hours, attempts = procedure[Setting.AGENCY_SILENT_HOURS].value, procedure[Setting.AGENCY_SILENT_ATTEMPTS].value
    now, enough = db.clock.now(), timedelta(hours=hours)
    lasts = now - silence.since
    if lasts < enough or (silence.failures < attempts and lasts < enough * attempts):
        return False
    outage_id = new_id()
    told = await add_outage(
        db,
        {
            "id": outage_id,
            "county": waiting.county,
            "division": division,
            "partner": waiting.partner,
            "item": waiting.item,
            "silent_since": silence.since,
            "found_at": now,
            "waiting": waiting.questions,
        },
    )
    if not told:
        return False
    await record_act(
        db,
        SYSTEM,
        "agency.fell_silent",
        "agency_outage",
        outage_id,
        county=waiting.county,
        partner=waiting.partner,
        waiting=waiting.questions,
        **_which(waiting.item),
    )
    await record_event(db, AgencyFellSilent(subject=outage_id, county=waiting.county, partner=waiting.partner))
    return True


def _which(item: str) -> dict[str, Any]:
    return {} if item == WHOLE else {"item": item}


async def reroute(db: WriteSession, check_id: UUID) -> bool:
    """Give a question that a silent agency owes an answer to the county, where the place has so ruled; False where it
    has not, or nobody waits for the agency any more.

    Raises:
        CheckNotFound: there is none.
    """
    application, check = await lock_check(db, check_id)
    ways = await load_ways(db, application)
    if check.status not in ASKED or not ways.procedure[Setting.AGENCY_SILENT_REROUTED].value:
        return False
    if not _is_found_out_on_paper(check):
        return False
    await hand_to_county(db, application, check, ways)
    return True


def _is_found_out_on_paper(check: Check) -> bool:
    """Say whether a county can be given a question: a campaign asks about thousands and waits for its agencies, what
    one supporter let be asked nobody sees to by hand, and of a draft nobody but who writes it knows."""
    return check.campaign_id is None and not check.of_supporter and check.round != PREFILLING


async def goes_to_county(db: WriteSession, application: Application, check: Check) -> bool:
    """Say whether the county finds out on paper what an agency will not say: until the decision whatever was asked,
    after a grant what is disputed alone. Check and application are locked."""
    if not _is_found_out_on_paper(check):
        return False
    if application.status == ApplicationStatus.APPROVED:
        return await is_recheck(db, check.id)
    return application.status == ApplicationStatus.ACCEPTED


async def give_away(db: WriteSession, check_id: UUID) -> bool:
    """See to a question whose agency this installation is not connected with: the county finds out on paper, whatever
    it says of silent ones, also what is disputed after a grant. What no county finds out on paper, of campaigns,
    supporters and drafts, is given up. False where it is not open any more.

    Raises:
        CheckNotFound: there is none.
    """
    application, check = await lock_check(db, check_id)
    if check.status != CheckStatus.REQUESTED:
        return False
    if await goes_to_county(db, application, check):
        await hand_to_county(db, application, check, await load_ways(db, application))
    else:
        await give_up(db, application, check)
    return True


async def hand_to_county(db: WriteSession, application: Application, check: Check, ways: Ways) -> None:
    """Let the county find out on paper what an agency owes; the application is locked by whoever calls."""
    check.status = LIFECYCLE.step(check.status, Action.REROUTE, SYSTEM.role).target
    await_entry(check, ways.due_by_hand)
    await settle_entry(db, application)
    await record_act(
        db,
        SYSTEM,
        "check.reroute",
        "check",
        check.id,
        row=check,
        case=application.case,
        item=check.item,
        partner=check.partner,
    )


async def tell_of_answers(db: WriteSession, outage: AgencyOutage, now: datetime) -> bool:
    """Tell that an agency answers again; False where that was told."""
    if not await end_outage(db, outage.id, now):
        return False
    await record_act(
        db,
        SYSTEM,
        "agency.answers_again",
        "agency_outage",
        outage.id,
        county=outage.county,
        partner=outage.partner,
        **_which(outage.item),
    )
    await record_event(db, AgencyAnswersAgain(subject=outage.id, county=outage.county, partner=outage.partner))
    return True
