"""Records for every operation to be about, and people who may ask for them."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.core.db import Database, WriteSession
from app.disbursement.commands import build_payroll
from app.events.models import EventRecord
from app.files.commands import begin_upload
from app.identity.actors import Actor, Role
from app.identity.commands import start_session
from app.identity.keys import KeyRing
from app.letters.kinds import Kind, Occasion
from app.notices.models import Notice
from app.retention.commands import place_hold
from app.status_queries.commands import Person, ask_status
from app.status_queries.grounds import Basis, QueryPurpose
from app.verification.queries import find_current_report
from tests.builders import payrolls
from tests.builders.applications import COUNTY, TOWNSHIP, build_draft, build_household, build_submitted
from tests.builders.awards import build_award, recipient_of
from tests.builders.complaints import build_assigned
from tests.builders.corrections import build_correction
from tests.builders.disputes import build_dispute
from tests.builders.letters import build_letter
from tests.builders.people import build_citizen, build_staff, make_id_number
from tests.builders.review import build_office, build_verified, opine, visit
from tests.builders.status_queries import build_asking
from tests.builders.verification import Case, checks_of
from tests.builders.webhooks import build_endpoint
from tests.hostile.contract import Operation, frames

INBOUND_SECRET = "inbound-test-secret"
Headers = tuple[tuple[bytes, bytes], ...]
# Who may do most behind each address: the deeper a request gets, the more it can break. First match counts.
_ROLES = (
    ("/v1/console/payrolls/{payroll_id}/approve", Role.COUNTY_CONFIRMER),
    ("/v1/console/payrolls/{payroll_id}/re", Role.FINANCE),
    ("/v1/console/payrolls", Role.COUNTY_HANDLER),
    ("/v1/console/webhook", Role.ADMINISTRATOR),
    ("/v1/console/query-partners", Role.ADMINISTRATOR),
    ("/v1/console/status-queries", Role.SUPERVISOR),
    ("/v1/console/staff", Role.ADMINISTRATOR),
    ("/v1/console/audit", Role.SUPERVISOR),
    ("/v1/console/legal-holds", Role.SUPERVISOR),
    ("/v1/console/erasures", Role.SUPERVISOR),
    ("/v1/console/complaints", Role.COUNTY_HANDLER),
    ("/v1/console/awards", Role.COUNTY_HANDLER),
    ("/v1/console/reports", Role.COUNTY_HANDLER),
    ("/v1/console/disputes", Role.COUNTY_HANDLER),
    ("/v1/console/applications/{application_id}/county", Role.COUNTY_HANDLER),
    ("/v1/console/applications/{application_id}/conf", Role.COUNTY_CONFIRMER),
    ("/v1/console/applications/{application_id}/ref", Role.COUNTY_CONFIRMER),
    ("/v1/console/applications/{application_id}/send", Role.COUNTY_CONFIRMER),
    ("/v1/console/applications/{application_id}/op", Role.TOWNSHIP_REVIEWER),
    ("", Role.TOWNSHIP_HANDLER),
)


@dataclass
class World:
    """Ids by the name of their parameter, with a prefix of the path where one name means several records."""

    database: Database
    keys: KeyRing
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    reference: str = ""
    batch: str = ""
    asking: str = ""  # the secret of a partner that may ask
    bearers: dict[str, Headers] = field(default_factory=dict)
    bodies: dict[str, tuple[bytes, list[tuple[bytes, bytes]]]] = field(default_factory=dict)

    def id_of(self, operation: Operation, name: str) -> str:
        """Return the id of a record that this operation can be about."""
        places = [place for place, each in self.ids if each == name and operation.path.startswith(place)]
        return self.ids[max(places, key=len), name] if places else "1"

    def known(self, operation: Operation) -> dict[str, Any]:
        """Return members of bodies that name records."""
        names = ("member_id", "upload_id", "staff_id")
        found = {name: self.id_of(operation, name) for name in names}
        return {**found, "signer_member_id": found["member_id"], **_partner_bodies(self).get(operation.id, {})}

    def bodies_of(self, operation: Operation) -> tuple[bytes, list[tuple[bytes, bytes]]]:
        """Return a body in order, and that body around each of its values."""
        if operation.id not in self.bodies:
            good = operation.good_body(self.known(operation))
            self.bodies[operation.id] = (json.dumps(good, ensure_ascii=False).encode(), frames(good))
        return self.bodies[operation.id]

    def caller(self, operation: Operation) -> str:
        """Return who is meant to call an operation."""
        if operation.audience == "partner":
            if operation.path.startswith("/v1/partner/status-queries"):
                return "asking"
            return "paying_bank" if operation.id == "take_receipts" else "banking"
        if operation.audience == "applicant":
            return "recipient" if operation.path.startswith(("/v1/awards", "/v1/payments")) else "applicant"
        if operation.audience == "staff":
            return next(role for place, role in _ROLES if operation.path.startswith(place)).value
        return "nobody"

    async def headers_of(self, who: str) -> Headers:
        """Return what tells who is asking; signs in on the way."""
        if who == "nobody":
            return ()
        if who in ("banking", "paying_bank"):
            return ((b"authorization", f"Bearer {INBOUND_SECRET}".encode()), (b"x-partner", who.encode()))
        if who == "asking":
            return ((b"authorization", f"Bearer {self.asking}".encode()), (b"x-partner", b"medical_insurance"))
        if who not in self.bearers:
            async with self.database.unit_of_work() as db:
                tokens = await start_session(db, self.keys, self.people[who].id, self.people[who].role)
            self.bearers[who] = ((b"authorization", f"Bearer {tokens.access_token}".encode()),)
        return self.bearers[who]

    async def marks(self) -> dict[str, tuple[int, int]]:
        """Return for each table how many rows it has and a sum that any change of a row changes."""
        async with self.database.reading() as db:
            names = (await db.execute(text(_TABLES))).scalars().all()
            parts = (f"SELECT '{name}', count(*), coalesce(sum(xmin::text::bigint), 0) FROM {name}" for name in names)
            rows = await db.execute(text(" UNION ALL ".join(parts)))
            return {row[0]: (int(row[1]), int(row[2])) for row in rows}


# What may grow without anything having been granted: counts of tries, sessions, and the record of looks, refusals and
# questions to agencies.
_TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
AND has_table_privilege(c.oid, 'SELECT') AND c.relname NOT LIKE 'pgqueuer%'
AND c.relname NOT IN ('divisions', 'standards', 'calendar_years', 'calendar_days', 'alembic_version',
'sessions', 'refresh_tokens', 'audit_records', 'one_time_codes', 'limit_counts', 'identity_questions') ORDER BY 1
"""


def _partner_bodies(world: World) -> dict[str, dict[str, Any]]:
    question = {"requestNo": world.reference, "ticket": "T1"}
    answer = {**question, "rspCode": "14", "balanceDate": "2026-11-20", "accounts": []}
    line = {"lineNo": world.reference, "amt": 52_000, "status": "F", "errCode": "A02"}
    return {
        "take_check_answer": {"take_check_answer": answer},
        "take_receipts": {"take_receipts": {"batchNo": world.batch, "results": [line]}},
    }


async def build_world(database: Database, keys: KeyRing) -> World:
    """Make one record of each kind, by the stages' own commands."""
    world = World(database, keys)
    case = await build_verified(database)
    await _build_notice(database, world)
    async with database.unit_of_work() as db:
        await _build_people(db, world)
        await _build_applications(db, world, case)
        await _build_money(db, world)
        await _build_others(db, world)
    world.ids["/v1/console/checks", "check_id"] = str((await _some_check(database, case)).id)
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
    world.ids["/v1/console/reports", "report_id"] = str(report.id if report else "")
    async with database.unit_of_work() as db:
        world.ids["/v1", "dispute_id"] = str((await build_dispute(db, case)).id)
    world.reference = world.ids["/v1/console/checks", "check_id"]
    own = UUID(world.ids["/v1", "application_id"])
    for place, about in (("/v1", own), ("/v1/console", case.id)):
        letter = await build_letter(database, Occasion(Kind.ACCEPTED, about, about))
        world.ids[place, "letter_id"] = str(letter.id)
    async with database.reading() as db:
        world.ids["/v1", "event_id"] = str((await db.execute(select(EventRecord.id).limit(1))).scalar_one())
        world.ids["/v1", "notice_id"] = str((await db.execute(select(Notice.id).limit(1))).scalar_one())
    return world


async def _some_check(database: Database, case: Case) -> Any:
    return next(iter((await checks_of(database, case)).values()))


async def _build_notice(database: Database, world: World) -> None:
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    world.ids["/v1/console/applications/{application_id}/conf", "application_id"] = str(case.id)


async def _build_people(db: WriteSession, world: World) -> None:
    for role in (Role.TOWNSHIP_HANDLER, Role.TOWNSHIP_REVIEWER):
        world.people[role.value] = await build_staff(db, role, TOWNSHIP)
    for role in (Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.FINANCE, Role.SUPERVISOR, Role.ADMINISTRATOR):
        world.people[role.value] = await build_staff(db, role, COUNTY)
    world.people["stranger"] = await build_staff(db, Role.COUNTY_HANDLER, "530627000000")
    world.people["other"] = await build_citizen(db, name="测试辛")
    world.ids["/v1/console", "staff_id"] = str((await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)).id)


async def _build_applications(db: WriteSession, world: World, case: Case) -> None:
    household = await build_household(db, name="测试壬")
    draft = await build_draft(db, household)
    world.people["applicant"] = household.applicant
    upload = await begin_upload(db, household.applicant, kind="receipt", size=70_000, sha256="0" * 64)
    world.ids["/v1", "application_id"] = str(draft.id)
    world.ids["/v1", "member_id"] = str(household.members[0][0])
    world.ids["/v1", "upload_id"] = str(upload.id)
    world.ids["/v1", "number"] = "1"
    world.ids["/v1/console", "application_id"] = str(case.id)
    hold = await place_hold(db, world.people["supervisor"], case.id, ground="audit", reason="审计抽查")
    world.ids["/v1/console", "hold_id"] = str(hold.id)
    world.ids["/v1/console", "correction_id"] = str((await build_correction(db, case)).id)
    for action in ("accept", "return"):
        submitted = await build_submitted(db, await build_household(db, name="测试癸"))
        world.ids[f"/v1/console/applications/{{application_id}}/{action}", "application_id"] = str(submitted.id)


async def _build_money(db: WriteSession, world: World) -> None:
    award = await build_award(db)
    world.people["recipient"] = recipient_of(award)
    world.ids["/v1", "award_id"] = str(award.id)
    office = await payrolls.build_office(db)
    payroll = await build_payroll(db, office.handler, program="living_allowance", month=payrolls.DECEMBER)
    world.ids["/v1/console", "payroll_id"] = str(payroll.id)
    await build_award(db, county="530627")
    world.batch = str((await payrolls.build_released(db, await payrolls.build_office(db, "530627"))).id)


async def _build_others(db: WriteSession, world: World) -> None:
    complaint, _, _ = await build_assigned(db)
    world.ids["/v1/console", "complaint_id"] = str(complaint.id)
    _, endpoint, _ = await build_endpoint(db, "https://93.184.216.34/hooks")
    world.ids["/v1/console", "endpoint_id"] = str(endpoint.id)
    asking = await build_asking(db)
    answered = await ask_status(
        db, asking.partner, purpose=QueryPurpose.TEMPORARY_AID, basis=Basis.SOCIAL_ASSISTANCE_LAW_29,
        persons=[Person("1", make_id_number(), "测试甲")],
    )  # fmt: skip
    world.asking = asking.secret
    world.ids["/v1/console", "partner_id"] = str(asking.partner.id)
    world.ids["/v1/partner", "query_id"] = str(answered.query.id)
