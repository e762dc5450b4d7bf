"""Judging a decision again: the same comes out, and whatever somebody changed in the database shows."""

from datetime import timedelta

import pytest
import pytest_asyncio
import structlog
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.core.canonical import canonical_bytes
from app.core.ids import new_id
from app.identity.actors import Role
from app.notices.jobs import end_notices
from app.review.assessing import digest_of
from app.review.decisions import open_decision
from app.review.jobs import replay_sample
from app.review.models import ReplayRun
from app.review.queries import list_sample
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.review import AMOUNT, build_office, build_verified, decide, opine, visit


async def build_decided(database, clock):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    return await decide(database, case, office)


@pytest_asyncio.fixture
async def decision(database, clock):
    return await build_decided(database, clock)


@pytest_asyncio.fixture
async def forge(database, owner_connection):
    """Change the kept record of a decision as somebody would who has database and keys; `digest`: that as well."""

    async def change(decision, edit, *, digest: bool):
        async with database.reading() as db:
            body = open_decision(db, decision)
            edit(body)
            content = canonical_bytes(body)
            sealed = db.vault.seal("decisions.body", decision.id, content.decode(), division=decision.county)
        await owner_connection.execute("UPDATE decisions SET body_sealed = $2 WHERE id = $1", decision.id, sealed)
        if digest:
            await owner_connection.execute(
                "UPDATE decisions SET digest = $2 WHERE id = $1", decision.id, digest_of(content)
            )

    return change


def at(decision):
    return f"/v1/console/decisions/{decision.id}/replay"


def grant_a_fen_more(body):
    body["assessment"]["monthly_amount_fen"] += 1


def declare_other_members(body):
    body["case"]["members"] = body["case"]["members"][:2]


async def test_a_decision_stands_as_it_was_made_years_later(staff, decision, clock):
    clock.advance(timedelta(days=2000))
    client = await staff(Role.SUPERVISOR, COUNTY)

    answer = await client.post(at(decision))

    shown = answer.json()
    assert answer.status_code == 200
    assert (shown["decision_id"], shown["number"]) == (str(decision.id), decision.number)
    assert (shown["identical"], shown["record_has_its_digest"], shown["differences"]) == (True, True, [])
    assert shown["stored_digest"] == shown["replayed_digest"]
    assert len(shown["stored_digest"]) == 64


async def test_a_changed_amount_shows_where_it_was_changed(staff, decision, forge):
    await forge(decision, grant_a_fen_more, digest=True)
    client = await staff(Role.COUNTY_HANDLER, COUNTY)

    shown = (await client.post(at(decision))).json()

    assert (shown["identical"], shown["record_has_its_digest"]) == (False, True)
    assert shown["stored_digest"] != shown["replayed_digest"]
    assert shown["differences"] == ["/assessment/monthly_amount_fen"]


async def test_changed_inputs_do_not_lead_to_what_was_decided(staff, decision, forge):
    await forge(decision, declare_other_members, digest=False)
    client = await staff(Role.COUNTY_CONFIRMER, COUNTY)

    shown = (await client.post(at(decision))).json()

    assert (shown["identical"], shown["record_has_its_digest"]) == (False, False)
    assert "/assessment/counted_members" in shown["differences"]


async def test_a_changed_row_shows_beside_an_untouched_record(staff, decision, owner_connection):
    await owner_connection.execute("UPDATE decisions SET monthly_amount_fen = $1", AMOUNT + 1)
    client = await staff(Role.SUPERVISOR, COUNTY)

    shown = (await client.post(at(decision))).json()

    assert (shown["identical"], shown["record_has_its_digest"]) == (False, True)
    assert shown["differences"] == ["/decision/monthly_amount_fen"]


@pytest.mark.parametrize(
    ("role", "division", "status", "code"),
    [
        (Role.TOWNSHIP_REVIEWER, TOWNSHIP, 403, "role_not_allowed"),
        (Role.FINANCE, COUNTY, 404, "decision_unknown"),
        (Role.ADMINISTRATOR, COUNTY, 404, "decision_unknown"),
        (Role.SUPERVISOR, "532530000000", 404, "decision_unknown"),
    ],
)
async def test_only_the_county_and_supervisors_of_the_place_ask_for_it(staff, decision, role, division, status, code):
    client = await staff(role, division)

    answer = await client.post(at(decision))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_decision_that_does_not_exist_is_not_found_and_not_said_to_be_still_to_come(staff):
    client = await staff(Role.COUNTY_HANDLER, COUNTY)

    answer = await client.post(f"/v1/console/decisions/{new_id()}/replay")

    assert (answer.status_code, answer.json()["code"]) == (404, "decision_unknown")
    assert answer.json()["title"] == "没有该决定"


async def test_who_asked_is_on_record_and_why(staff, database, decision):
    client = await staff(Role.COUNTY_HANDLER, COUNTY)

    await client.post(at(decision))

    async with database.reading() as db:
        looks = select(AuditRecord).where(AuditRecord.action == "decision.replay")
        (look,) = (await db.execute(looks)).scalars().all()
    assert (look.look, look.purpose, look.object_id) == (True, "casework", decision.id)
    assert look.applications == [decision.application_id]


async def alarms(database):
    async with database.reading() as db:
        query = select(AuditRecord).where(AuditRecord.action == "decision.replay_alarm").order_by(AuditRecord.id)
        return (await db.execute(query)).scalars().all()


async def run_of(database):
    async with database.reading() as db:
        return (await db.execute(select(ReplayRun))).scalar_one_or_none()


async def test_a_night_without_a_change_is_counted_and_alarms_nobody(database, decision, clock):
    clock.advance(timedelta(days=1))

    with structlog.testing.capture_logs() as logs:
        await replay_sample(database)

    run = await run_of(database)
    assert (run.checked, run.different, run.finished_at) == (1, 0, clock.now())
    assert await alarms(database) == []
    assert logs == []


async def test_what_was_tampered_with_raises_an_alarm_that_a_supervisor_sees(database, staff, decision, forge, clock):
    await forge(decision, grant_a_fen_more, digest=True)
    clock.advance(timedelta(days=1))

    with structlog.testing.capture_logs() as logs:
        await replay_sample(database)

    (line,) = logs
    assert (line["event"], line["log_level"], line["reason"]) == ("decision does not replay", "error", "differs")
    assert line["decision_id"] == str(decision.id)
    assert (await run_of(database)).different == 1
    client = await staff(Role.SUPERVISOR, COUNTY)
    seen = (await client.get("/v1/console/audit", params={"action": "decision.replay_alarm"})).json()
    assert [record["object_id"] for record in seen["items"] if record["action"] == "decision.replay_alarm"] == [
        str(decision.id)
    ]


async def test_what_cannot_even_be_opened_is_an_alarm(database, decision, owner_connection, clock):
    await owner_connection.execute("UPDATE decisions SET body_sealed = set_byte(body_sealed, 40, 0) || '\\x00'")
    clock.advance(timedelta(days=1))

    with structlog.testing.capture_logs():
        await replay_sample(database)

    (alarm,) = await alarms(database)
    assert alarm.detail == {"reason": "unreadable"}


async def test_a_night_s_sample_is_gone_through_once(database, decision, forge, clock):
    await forge(decision, grant_a_fen_more, digest=True)
    clock.advance(timedelta(days=1))

    with structlog.testing.capture_logs():
        await replay_sample(database)
        await replay_sample(database)

    assert len(await alarms(database)) == 1


async def test_a_killed_run_goes_on_with_the_decision_after(database, clock, monkeypatch):
    for _ in range(3):
        await build_decided(database, clock)
    clock.advance(timedelta(days=1))
    seen = []

    def killed_at_the_second(db, decision):
        seen.append(decision.id)
        if len(seen) == 2:
            raise SystemExit
        raise NotTheSame

    monkeypatch.setattr("app.review.commands.replaying.replay_decision", killed_at_the_second)
    monkeypatch.setattr("app.review.commands.replaying.RulesVersionUnknown", NotTheSame)
    with structlog.testing.capture_logs():
        with pytest.raises(SystemExit):
            await replay_sample(database)
        await replay_sample(database)

    assert [record.object_id for record in await alarms(database)] == [seen[0], seen[2], seen[3]]
    assert seen[1] == seen[2]
    run = await run_of(database)
    assert (run.checked, run.different) == (3, 3)


class NotTheSame(Exception):
    """Stands for rules that are gone."""


async def test_the_sample_of_a_day_is_always_the_same_and_another_day_s_another(database, clock):
    decisions = [await build_decided(database, clock) for _ in range(4)]
    days = [(clock.now() + timedelta(days=ahead)).date() for ahead in range(1, 9)]

    async with database.reading() as db:
        samples = {day: await list_sample(db, day, 2) for day in days}
        again = await list_sample(db, days[0], 2)

    assert again == samples[days[0]]
    assert len({tuple(sample) for sample in samples.values()}) > 1
    assert {each for sample in samples.values() for each in sample} <= {decision.id for decision in decisions}


async def test_before_one_o_clock_the_day_before_is_not_over(database, decision, clock):
    clock.advance(timedelta(hours=12, minutes=30))  # half past midnight in China

    await replay_sample(database)

    assert await run_of(database) is None
