"""Whoever sees a person's data leaves a record of it: every console read shows nobody, or is recorded."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.identity.actors import Actor, Role
from tests.builders.applications import COUNTY, TOWNSHIP, build_submitted
from tests.builders.awards import build_award
from tests.support.contract import contract

CASE, AWARD, PAYROLL, COMPLAINT = "{application_id}", "{award_id}", "{payroll_id}", "{complaint_id}"
RECORDED = {
    "/applications": "application.list",
    f"/applications/{CASE}": "application.read",
    f"/applications/{CASE}/documents/{{document_id}}/content": "document.read",  # tests/api/applicant/test_uploads.py
    f"/applications/{CASE}/place": "application.place",
    f"/applications/{CASE}/report": "report.read",
    "/reports": "report.list",
    "/disputes": "report.list_disputes",
    "/disputes/{dispute_id}": "report.read_dispute",
    "/disputes/{dispute_id}/scan": "report.read_dispute_scan",  # tests/api/console/test_disputes.py
    f"/applications/{CASE}/checks": "check.list",
    "/checks/{check_id}/scan": "check.scan.read",  # tests/api/console/test_checks.py
    f"/applications/{CASE}/check-results": "report.results",
    f"/applications/{CASE}/promises": "promise.list",
    f"/applications/{CASE}/review": "review.read",
    f"/applications/{CASE}/assessment": "assessment.preview",
    f"/applications/{CASE}/human-reviews": "human_review.list",
    f"/applications/{CASE}/evidence-letters": "evidence_letter.list",
    f"/applications/{CASE}/evidence-letters/{{evidence_letter_id}}/scan": "evidence_letter.scan.read",
    f"/applications/{CASE}/letters": "letter.list",
    "/letters/{letter_id}": "letter.read",
    "/letters/{letter_id}/content": "letter.print",
    "/notices": "notice.list",
    "/awards": "award.list",
    f"/awards/{AWARD}": "award.read",
    f"/awards/{AWARD}/recoveries": "recovery.list",
    "/handovers": "handover.list",
    "/handovers/{handover_id}": "handover.read",
    f"/payrolls/{PAYROLL}/lines": "payroll.list_lines",
    f"/payrolls/{PAYROLL}/differences": "payroll.list_differences",
    f"/payrolls/{PAYROLL}/exclusions": "payroll.list_exclusions",
    f"/payrolls/{PAYROLL}/file": "payroll.take_roster",
    f"/complaints/{COMPLAINT}": "complaint.read",
    "/exports/{export_id}/file": "export.take",
    "/conflicts": "conflict.list",
    "/staff/{staff_id}/relatives": "relative.read",
    "/committee-members/{committee_member_id}/relatives": "relative.read",
    "/legal-holds": "hold.list",
    "/corrections": "correction.list",
    "/corrections/{correction_id}": "correction.read",
    "/audit": "audit.list",
    "/tasks?queue=township": "task.list",
    "/escalations": "task.list_escalated",
    "/entrustments": "entrustment.list",
    "/decisions/delegated": "decision.delegated",
    "/changes/{change_id}/awards": "award.list_recomputed",
    "/campaigns/{campaign_id}/skipped": "campaign.list_skipped",
    "/campaigns/{campaign_id}/findings": "campaign.list_findings",
}
SHOWS_NOBODY = {
    "/payrolls",  # counts and sums
    "/payrolls/{payroll_id}",
    "/complaints",  # number, category, state: neither who complained nor about what
    "/exports",  # who asks for what list, and why: nothing of the rows
    "/exports/{export_id}",
    "/webhook-endpoints",
    "/webhook-endpoints/{endpoint_id}",
    "/webhook-endpoints/{endpoint_id}/deliveries",
    "/workload",  # counts, of staff
    "/agencies",  # counts
    "/agencies/{code}",
    "/agency-modes",  # public facts
    "/check-batches",  # counts
    "/check-batches/{batch_id}",  # ids of checks, and why a line was no use; whom a check is about is a look of its own
    "/query-partners",  # systems of other authorities
    "/query-partners/{partner_id}",
    "/status-queries",  # who asked what for; about whom stands in the audit
    "/staff",  # accounts of staff, not data of citizens
    "/committee-members",  # officials, names masked
    "/standards",  # public facts and who entered them
    "/standards/{change_id}",
    "/parameters",
    "/parameters/{change_id}",
    "/changes/{change_id}/effects",  # counts and sums
    "/campaigns",  # counts
    "/campaigns/{campaign_id}",
    "/erasures",  # tombstones: what was erased, of nobody
    "/me/relatives",  # what one declared oneself
    "/me/second-factor",
}


async def _looks_of(database, actor: Actor) -> list[AuditRecord]:
    async with database.reading() as db:
        query = select(AuditRecord).where(AuditRecord.actor_id == actor.id, AuditRecord.look)
        return list((await db.execute(query.order_by(AuditRecord.id))).scalars())


def test_every_read_of_the_console_shows_nobody_or_is_recorded():
    paths = {
        path.removeprefix("/v1/console")
        for path, item in contract()["paths"].items()
        if path.startswith("/v1/console/") and "get" in item
    }

    assert paths == {path.partition("?")[0] for path in RECORDED} | SHOWS_NOBODY


async def test_each_look_is_one_record_that_says_whom_it_was_at_and_why(sign_in, database, seen):
    client, answers = await sign_in(seen.supervisor), {}
    for path in RECORDED:
        if not path.endswith(("{document_id}/content", "/scan")):  # files: each has a story of its own
            answers[path] = (await client.get("/v1/console" + path.format(**seen.ids))).status_code

    looks = [look for look in await _looks_of(database, seen.supervisor) if look.action != "objection.read"]
    assert set(answers.values()) == {200}
    assert [look.action for look in looks] == [RECORDED[path] for path in answers]
    assert {look.purpose for look in looks} == {"supervision"}
    assert {look.actor_level for look in looks} == {"county"}
    assert {look.county for look in looks} == {"532529"}
    whom = {look.action: set(look.citizens) for look in looks}
    assert whom["award.list_recomputed"] == {seen.citizens["award"], seen.citizens["excluded"]}
    in_case = ("application.list", "application.read", "report.list", "report.read", "check.list", "review.read",
               "assessment.preview", "notice.list", "task.list")  # fmt: skip
    assert all(seen.citizens["case"] in whom[action] for action in in_case)
    assert all(seen.citizens["award"] in whom[action] for action in ("award.list", "award.read"))
    for action in ("payroll.list_lines", "payroll.list_differences", "payroll.take_roster", "export.take"):
        assert seen.citizens["award"] in whom[action], action
    assert whom["payroll.list_exclusions"] == {seen.citizens["excluded"]}
    assert whom["complaint.read"] == set(), "the household it is about must not learn of it"


async def test_a_look_at_objections_is_recorded_beside_the_list(sign_in, database, seen):
    await (await sign_in(seen.supervisor)).get("/v1/console/notices")

    looks = {look.action: look for look in await _looks_of(database, seen.supervisor)}

    assert looks["objection.read"].citizens == [seen.citizens["case"]]


async def test_a_list_is_one_record_of_all_that_were_shown_and_no_others(staff, database):
    async with database.unit_of_work() as db:
        applications = [await build_submitted(db) for _ in range(3)]
    client = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    await client.get("/v1/console/applications", params={"limit": 2})

    async with database.reading() as db:
        look = (await db.execute(select(AuditRecord).where(AuditRecord.look))).scalar_one()
    assert set(look.applications) == {row.id for row in applications[1:]}
    assert set(look.citizens) == {row.applicant_id for row in applications[1:]}
    assert (look.purpose, look.detail) == ("casework", {"count": 2, "status": None})


async def test_who_has_a_copy_or_guesses_its_version_looks_like_anybody_else(staff, database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    client = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    one, every = f"/v1/console/applications/{application.id}", "/v1/console/applications"
    tags = {url: (await client.get(url)).headers["etag"] for url in (one, every)}

    guessed = [(await client.get(one, headers={"If-None-Match": f'"{n}"'})).status_code for n in range(1, 30)]
    unchanged = [
        (await client.get(url, headers={"If-None-Match": given})).status_code
        for url in (one, every)
        for given in (tags[url], "*")
    ]

    assert (sorted(set(guessed)), guessed.count(304), unchanged) == ([200, 304], 1, [304] * 4)
    async with database.reading() as db:
        looks = (await db.execute(select(AuditRecord).where(AuditRecord.look))).scalars().all()
    assert len(looks) == 2 + len(guessed) + len(unchanged)
    assert {tuple(look.citizens) for look in looks} == {(application.applicant_id,)}


async def test_nobody_shown_is_no_look(staff, database):
    client = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    await client.get("/v1/console/applications")
    await client.get("/v1/console/applications/01890000-0000-7000-8000-000000000000")

    async with database.reading() as db:
        assert (await db.execute(select(AuditRecord).where(AuditRecord.look))).scalars().all() == []


@pytest.mark.parametrize(
    ("role", "purpose"),
    [(Role.COUNTY_HANDLER, "award_management"), (Role.FINANCE, "disbursement"), (Role.SUPERVISOR, "supervision")],
)
async def test_the_purpose_is_what_the_post_is_there_for(staff, database, role, purpose):
    async with database.unit_of_work() as db:
        await build_award(db)

    await (await staff(role, COUNTY)).get("/v1/console/awards")

    async with database.reading() as db:
        look = (await db.execute(select(AuditRecord).where(AuditRecord.look))).scalar_one()
    assert look.purpose == purpose


async def test_the_database_refuses_a_look_without_a_purpose(database):
    from app.audit.commands import record_look
    from app.core.ids import new_id

    actor = Actor(new_id(), Role.TOWNSHIP_HANDLER, TOWNSHIP)
    with pytest.raises(KeyError):
        async with database.unit_of_work() as db:
            await record_look(db, actor, "unheard_of.read", "application")
