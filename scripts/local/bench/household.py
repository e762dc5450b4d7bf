"""The synthetic households that are measured with: three members, two signatures, an account, made by the commands."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from stdnum.iso7064 import mod_11_2

from app.applications.commands import (
    MemberDetails,
    accept_application,
    edit_draft,
    put_member,
    put_payout_account,
    sign_authorisation,
    start_draft,
    submit_application,
)
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.identity.commands import record_real_name, sign_in_citizen
from app.identity.keys import KeyRing
from app.identity.tokens import read_access_token

VILLAGE = "532529103204"
TOWNSHIP = "532529103000"
_ANSWERS: dict[str, list[object]] = {"income": [], "expenses": [], "property": [], "supporters": []}
_BORN = {"self": date(1980, 1, 1), "spouse": date(1985, 1, 1), "child": date(2015, 1, 1)}  # in the first household
_PER_DAY = 1000
_MEMBERS: tuple[tuple[str, str, dict[str, bool]], ...] = (
    ("self", "测试甲", {}),
    ("spouse", "测试乙", {}),
    ("child", "测试丙", {"can_work": False}),
)


@dataclass(frozen=True)
class Home:
    """An applicant, signed in, and the application."""

    actor: Actor
    token: str
    application_id: UUID


def number_in(household: int, relation: str) -> str:
    """Return the identity number of a member: of nobody (539900 is no place), in each household another."""
    day, number = divmod(household, _PER_DAY)
    body = f"539900{_BORN[relation] + timedelta(days=day):%Y%m%d}{number:03d}"
    return body + str(mod_11_2.calc_check_digit(body))


def phone(serial: int) -> str:
    """Return a telephone number of nobody."""
    return f"1900000{serial:04d}"


async def make_draft(db: WriteSession, keys: KeyRing, serial: int) -> Home:
    """Sign an applicant in and fill a draft until it can be handed in."""
    signed_in = await sign_in_citizen(db, keys, phone(serial))
    actor = _actor_of(signed_in.access_token, keys, db)
    await record_real_name(db, actor.id, "测试甲", number_in(serial, "self"))
    await put_payout_account(db, actor, bank_code="RCC", account="9900001234567890128")
    application = await start_draft(db, actor, "living_allowance", VILLAGE)
    changes = {"answers": _ANSWERS, "address": "测试村一组1号"}
    await edit_draft(db, actor, application.id, changes, seen=application.version)
    for relation, name, profile in _MEMBERS:
        details = MemberDetails(relation, name, number_in(serial, relation), profile)
        await _add_member(db, actor, application.id, details)
    return Home(actor, signed_in.access_token, application.id)


async def make_accepted(db: WriteSession, keys: KeyRing, serial: int) -> Home:
    """Take one as far as accepted: then its timeline has several steps."""
    home = await make_draft(db, keys, serial)
    await submit_application(db, home.actor, home.application_id, truth_promised=True)
    handler = Actor(new_id(), Role.TOWNSHIP_HANDLER, TOWNSHIP)
    await accept_application(db, handler, home.application_id, relative_of_staff=False)
    return home


async def _add_member(db: WriteSession, actor: Actor, application_id: UUID, details: MemberDetails) -> None:
    member_id = new_id()
    await put_member(db, actor, application_id, member_id, details, seen=None)
    if details.relation != "child":
        await sign_authorisation(
            db,
            actor,
            application_id,
            member_id,
            signer_member_id=member_id,
            signer_name=details.name,
            signer_id_number=details.id_number,
        )


def _actor_of(token: str, keys: KeyRing, db: WriteSession) -> Actor:
    claims = read_access_token(keys, token, db.clock.now())
    return Actor(claims.subject, claims.role, None, claims.session)
