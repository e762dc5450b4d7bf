"""Reading the letters of one's case, at home and at the desk, and checking one that somebody shows."""

import hashlib
from datetime import date

import pytest

from app.core.canonical import canonical_bytes
from app.core.ids import new_number
from app.identity.actors import Role
from app.letters.kinds import Kind, Occasion
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE, build_household, build_submitted
from tests.builders.letters import build_letter
from tests.builders.review import build_accepted_case
from tests.support.pdf_text import text_of

CHECKS = "/v1/public/letter-checks"


@pytest.fixture
async def case(database):
    return await build_accepted_case(database)


@pytest.fixture
async def letter(database, case):
    return await build_letter(database, Occasion(Kind.ACCEPTED, case.id, case.id))


async def test_a_phone_lists_and_reads_its_letters(sign_in, case, letter):
    phone = await sign_in(case.applicant)

    [line] = (await phone.get(f"/v1/applications/{case.id}/letters")).json()["items"]
    read = (await phone.get(f"/v1/letters/{line['id']}")).json()

    assert (line["id"], line["kind"], line["title"]) == (str(letter.id), "accepted", "最低生活保障申请受理通知书")
    assert read["content"]["addressee"] == "测试甲"
    assert read["sha256"] == hashlib.sha256(canonical_bytes(read["content"])).hexdigest()


async def test_another_citizen_finds_neither_the_letter_nor_the_case(sign_in, database, case, letter):
    async with database.unit_of_work() as db:
        other = await build_household(db, name="测试丁")
        await build_submitted(db, other)
    stranger = await sign_in(other.applicant)

    answers = [
        await stranger.get(f"/v1/letters/{letter.id}"),
        await stranger.get(f"/v1/applications/{case.id}/letters"),
    ]

    assert [answer.json()["code"] for answer in answers] == ["letter_not_found", "application_not_found"]


async def test_the_desk_reads_it_without_the_name_and_without_the_code(staff, case, letter):
    desk = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    [line] = (await desk.get(f"/v1/console/applications/{case.id}/letters")).json()["items"]
    read = (await desk.get(f"/v1/console/letters/{line['id']}")).json()

    assert (read["content"]["addressee"], read["content"]["check_code"]) == ("测*甲", "***")
    assert read["content"]["before"]


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.TOWNSHIP_HANDLER, "532529104000"),
        (Role.COUNTY_HANDLER, "530627000000"),
        (Role.VILLAGE_HELPER, VILLAGE),
        (Role.FINANCE, COUNTY),
    ],
)
async def test_who_does_not_read_the_file_does_not_read_its_letters(staff, letter, role, division):
    answer = await (await staff(role, division)).get(f"/v1/console/letters/{letter.id}")

    assert (answer.status_code, answer.json()["code"]) == (404, "letter_not_found")


async def test_anyone_may_check_a_letter_and_learns_nothing_of_the_household(anyone, sign_in, case, letter):
    phone = await sign_in(case.applicant)
    code = (await phone.get(f"/v1/letters/{letter.id}")).json()["content"]["check_code"]

    answer = await anyone.post(CHECKS, json={"number": letter.number.lower(), "code": code.lower()})

    assert answer.status_code == 200
    found = answer.json()
    assert (found["kind"], found["authority_division"], found["sha256"]) == ("accepted", TOWNSHIP, letter.digest)
    assert set(found) == {"valid", "kind", "number", "issued_at", "authority_division", "sha256", "pdf_sha256"}
    assert answer.headers["cache-control"] == "no-store"


async def test_a_forged_code_and_a_number_that_was_never_given_are_refused_alike(anyone, letter):
    unknown = new_number("TZ", letter.county, date(2026, 11, 23))

    answers = [
        await anyone.post(CHECKS, json={"number": number, "code": "WRNGWRNGWRNG"})
        for number in (letter.number, unknown)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.json()["code"] for answer in answers} == {"letter_not_found"}


async def test_a_number_rests_after_ten_wrong_codes_for_who_tried(anyone, elsewhere, sign_in, case, letter):
    code = (await (await sign_in(case.applicant)).get(f"/v1/letters/{letter.id}")).json()["content"]["check_code"]
    for _ in range(10):
        await anyone.post(CHECKS, json={"number": letter.number, "code": "WRNGWRNGWRNG"})

    answer = await anyone.post(CHECKS, json={"number": letter.number, "code": code})

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_guesses")
    owner = elsewhere("203.0.113.9")
    assert (await owner.post(CHECKS, json={"number": letter.number, "code": code})).status_code == 200


async def test_a_letter_as_pdf_is_the_same_file_for_phone_and_desk_and_the_check_knows_it(
    sign_in, staff, anyone, case, letter
):
    phone, desk = await sign_in(case.applicant), await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    code = (await phone.get(f"/v1/letters/{letter.id}")).json()["content"]["check_code"]

    mine = await phone.get(f"/v1/letters/{letter.id}/content")
    theirs = await desk.get(f"/v1/console/letters/{letter.id}/content")
    checked = (await anyone.post(CHECKS, json={"number": letter.number, "code": code})).json()

    assert mine.headers["content-type"] == "application/pdf"
    assert mine.headers["content-disposition"] == f'attachment; filename="{letter.number}.pdf"'
    assert mine.content == theirs.content
    assert checked["pdf_sha256"] == hashlib.sha256(mine.content).hexdigest()
    text = text_of(mine.content)
    assert all(part in text for part in ("测试甲：", "最低生活保障申请受理通知书", letter.number, code, letter.digest))
    assert CHECKS in text


async def test_who_has_the_file_is_told_that_it_is_the_same(sign_in, case, letter):
    phone = await sign_in(case.applicant)
    first = await phone.get(f"/v1/letters/{letter.id}/content")

    again = await phone.get(f"/v1/letters/{letter.id}/content", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_nobody_loads_anothers_letter(sign_in, staff, database, letter):
    async with database.unit_of_work() as db:
        other = await build_household(db, name="测试丁")
    answers = [
        await (await sign_in(other.applicant)).get(f"/v1/letters/{letter.id}/content"),
        await (await staff(Role.COUNTY_HANDLER, "530627000000")).get(f"/v1/console/letters/{letter.id}/content"),
    ]

    assert [answer.json()["code"] for answer in answers] == ["letter_not_found"] * 2
