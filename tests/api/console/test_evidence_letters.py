"""Letters for evidence over HTTP: the shapes, the scan of an answer, and what is told of a refusal."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.identity.actors import Role
from app.letters.kinds import Kind, Occasion
from tests.api.applicant.test_uploads import announce, upload_whole
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.evidence import build_sent_letter, write_letter
from tests.builders.letters import build_letter
from tests.builders.review import build_accepted_case, build_office
from tests.support.files import make_pdf

ANSWERS = [{"question": "employment", "finding": "confirmed"}, {"question": "wages", "finding": "contradicted"}]


def _path(case, *more) -> str:
    return "/".join([f"/v1/console/applications/{case.id}/evidence-letters", *map(str, more)])


def _body(case, **given) -> dict:
    addressee = {"kind": "employer", "form": "organisation", "name": "测试纺织厂", "address": "测试路1号"}
    return {"member_id": str(case.member("self")), "addressee": addressee, "asked": ["employment"], **given}


async def test_an_answer_comes_with_its_scan_which_offices_of_the_place_may_load(database, sign_in, staff):
    office, case = await build_office(database), await build_accepted_case(database)
    letter, handler, paper = await build_sent_letter(database, case, office), await sign_in(office.handler), make_pdf()
    upload = await upload_whole(handler, paper)
    before = await handler.get(_path(case, letter.id, "scan"))
    body = {"received_on": "2026-11-23", "answers": ANSWERS, "scan": upload}

    entered = await handler.post(_path(case, letter.id, "answer"), json=body)

    assert (before.status_code, before.json()["code"]) == (404, "evidence_scan_not_found")
    assert (entered.status_code, entered.json()["scanned"]) == (200, True)
    colleague = await staff(Role.COUNTY_CONFIRMER, COUNTY)
    shown = await colleague.get(_path(case, letter.id, "scan"))
    assert (shown.status_code, shown.content) == (200, paper)
    async with database.reading() as db:
        looks = select(AuditRecord).where(AuditRecord.action == "evidence_letter.scan.read")
        (look,) = (await db.execute(looks)).scalars()
    assert (look.object_id, look.citizens) == (letter.id, [case.applicant.id])
    stranger, helper = await staff(Role.COUNTY_HANDLER, "530102000000"), await staff(Role.VILLAGE_HELPER, TOWNSHIP)
    assert (await stranger.get(_path(case, letter.id, "scan"))).status_code == 404
    assert (await stranger.get(f"/v1/uploads/{upload}")).status_code == 404
    assert (await helper.get(_path(case, letter.id, "scan"))).json()["code"] == "role_not_allowed"
    phone = await sign_in(case.applicant)
    assert (await phone.get(f"/v1/uploads/{upload}")).status_code == 404


async def test_a_scan_is_a_finished_upload_of_ones_own(database, sign_in):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await build_sent_letter(database, case, office)
    handler, colleague = await sign_in(office.handler), await sign_in(office.second)
    theirs, begun = await upload_whole(colleague, make_pdf()), await announce(handler, make_pdf())
    body = {"received_on": "2026-11-23", "answers": ANSWERS}

    refusals = [await handler.post(_path(case, letter.id, "answer"), json={**body, "scan": x}) for x in (theirs, begun)]

    assert [(each.status_code, each.json()["code"]) for each in refusals] == [
        (404, "upload_not_found"),
        (409, "upload_unfinished"),
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN", ("索证函的收件人、询问事项或者内容不符合要求", "不向此类收件人询问该事项")),
     ("en", ("The letter asks or says what it may not", "this is not asked of such an addressee"))],
)  # fmt: skip
async def test_a_letter_that_asks_too_much_is_refused_by_field(database, sign_in, language, said):
    office, case = await build_office(database), await build_accepted_case(database)
    handler = await sign_in(office.handler)

    answer = await handler.post(
        _path(case), json=_body(case, asked=["employment", "rent"]), headers={"Accept-Language": language}
    )

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["title"]) == (422, "evidence_letter_not_fitting", said[0])
    assert [(each["pointer"], each["code"], each["detail"]) for each in problem["errors"]] == [
        ("/asked/1", "not_of_addressee", said[1])
    ]


async def test_what_was_discarded_is_printed_no_more(database, sign_in):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await write_letter(database, case, office)
    printed = await build_letter(database, Occasion(Kind.EVIDENCE, case.id, letter.id))
    handler, content = await sign_in(office.handler), f"/v1/console/letters/{printed.id}/content"
    before = await handler.get(content)
    aside = await handler.post(
        _path(case, letter.id, "set-aside"), json={"reason": "用人单位已注销，改由邻里访问核实。"}
    )

    refused = await handler.get(content)

    assert (before.status_code, aside.json()["status"]) == (200, "discarded")
    assert (refused.status_code, refused.json()["code"]) == (409, "letter_taken_back")


async def test_the_same_post_again_writes_no_second_letter(database, sign_in):
    office, case = await build_office(database), await build_accepted_case(database)
    handler = await sign_in(office.handler)
    key = {"Idempotency-Key": "0a4c1f52-once-only"}

    first, again = [await handler.post(_path(case), json=_body(case), headers=key) for _ in range(2)]

    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 201, first.json()["id"])
    assert len((await handler.get(_path(case))).json()["items"]) == 1


async def test_a_copy_of_everything_held_tells_that_others_were_asked_and_not_who_or_what_they_said(database, sign_in):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await build_sent_letter(database, case, office)
    handler = await sign_in(office.handler)
    body = {"received_on": "2026-11-23", "answers": ANSWERS, "remarks": "测试工资现金发放。"}
    assert (await handler.post(_path(case, letter.id, "answer"), json=body)).status_code == 200
    phone = await sign_in(case.applicant)

    copy = (await phone.get("/v1/me/data")).text

    assert '"evidence_letters"' in copy
    assert '"employer"' in copy
    assert not [each for each in ("测试纺织厂", "测试路", "contradicted", "现金发放") if each in copy]
