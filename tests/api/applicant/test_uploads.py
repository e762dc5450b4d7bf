"""Uploads as a phone does them, and papers as it gets them back."""

import base64
import hashlib
from uuid import uuid4

import pytest
import pytest_asyncio

from app.files.limits import MAX_SIZE, MOST_OPEN, PART_SIZE
from app.identity.actors import Role
from tests.builders.applications import VILLAGE, Household, build_draft, build_household, build_submitted
from tests.builders.files import parts_of
from tests.support.files import make_pdf, make_pdf_with_script, make_photo_with_place, sha256_of

COUNTY = VILLAGE[:6] + "000000"
TOWNSHIP = VILLAGE[:9] + "000"


@pytest_asyncio.fixture
async def household(database) -> Household:
    async with database.unit_of_work() as db:
        return await build_household(db)


@pytest_asyncio.fixture
async def phone(sign_in, household):
    return await sign_in(household.applicant)


@pytest_asyncio.fixture
async def draft(database, household):
    async with database.unit_of_work() as db:
        return await build_draft(db, household)


def digest_of(content):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


async def announce(phone, content):
    body = {"kind": "diagnosis", "size": len(content), "sha256": sha256_of(content)}
    return (await phone.post("/v1/uploads", json=body)).json()["id"]


async def send(phone, upload, number, part, digest=None):
    headers = {"Content-Digest": digest or digest_of(part), "Content-Type": "application/octet-stream"}
    return await phone.put(f"/v1/uploads/{upload}/parts/{number}", content=part, headers=headers)


async def upload_whole(phone, content):
    upload = await announce(phone, content)
    for number, part in enumerate(parts_of(content), start=1):
        assert (await send(phone, upload, number, part)).status_code == 204
    answer = await phone.post(f"/v1/uploads/{upload}/complete")
    assert answer.status_code == 200, answer.text
    return upload


async def attach(phone, application, upload):
    body = {"kind": "diagnosis", "upload_id": str(upload)}
    return await phone.post(f"/v1/applications/{application}/documents", json=body)


async def test_after_a_cut_the_phone_asks_what_is_missing_and_sends_just_that(phone):
    content = make_pdf(3 * PART_SIZE)
    parts = parts_of(content)
    upload = await announce(phone, content)
    await send(phone, upload, 3, parts[2])
    await send(phone, upload, 1, parts[0])

    state = (await phone.get(f"/v1/uploads/{upload}")).json()
    assert (state["part_size"], state["parts"], state["missing"]) == (PART_SIZE, 4, [2, 4])
    refused = await phone.post(f"/v1/uploads/{upload}/complete")
    assert (refused.status_code, refused.json()["code"]) == (409, "upload_unfinished")
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/parts/2", "/parts/4"]
    for number in state["missing"]:
        await send(phone, upload, number, parts[number - 1])
    done = await phone.post(f"/v1/uploads/{upload}/complete")

    assert done.status_code == 200
    assert done.json()["complete"]
    assert done.json()["missing"] == []
    assert (await phone.get(f"/v1/uploads/{upload}")).json() == done.json()


async def test_completing_needs_no_key_and_may_be_asked_again(phone):
    upload = await upload_whole(phone, make_pdf())

    again = await phone.post(f"/v1/uploads/{upload}/complete", headers={"Idempotency-Key": ""})

    assert again.status_code == 200


async def test_the_announcement_says_where_the_upload_is(phone):
    answer = await phone.post("/v1/uploads", json={"kind": "other", "size": 1, "sha256": "0" * 64})

    assert answer.status_code == 201
    assert (await phone.get(answer.headers["Location"])).json()["id"] == answer.json()["id"]


async def test_a_platform_that_cannot_digest_sends_none(phone):
    content = make_pdf()
    upload = await announce(phone, content)

    answer = await phone.put(f"/v1/uploads/{upload}/parts/1", content=content)

    assert answer.status_code == 204


@pytest.mark.parametrize(
    "digest",
    [
        digest_of(b"other"),
        "sha-256=:AAAA:",
        "sha-256=:not base64:",
        "sha-256=:²²²²:".encode(),
        "sha-256=AAAA",
        "sha-256=:",
        "md5=:AAAA:",
        "",
        ",",
        "x" * 250,
    ],
)
async def test_a_digest_that_does_not_fit_is_refused(phone, digest):
    content = make_pdf()
    upload = await announce(phone, content)

    answer = await phone.put(f"/v1/uploads/{upload}/parts/1", content=content, headers={"Content-Digest": digest})

    assert (answer.status_code, answer.json()["code"]) == (422, "part_rejected")
    assert (await phone.get(f"/v1/uploads/{upload}")).json()["missing"] == [1]


async def test_of_several_digests_those_we_know_are_checked(phone):
    content = make_pdf()
    upload = await announce(phone, content)

    answer = await send(phone, upload, 1, content, digest=f"unixsum=:AAAA:, {digest_of(content)}")

    assert answer.status_code == 204


async def test_a_part_sent_again_with_other_bytes_is_a_conflict(phone):
    content = make_pdf()
    upload = await announce(phone, content)
    await send(phone, upload, 1, content)

    answer = await send(phone, upload, 1, bytes(len(content)))

    assert (answer.status_code, answer.json()["code"]) == (409, "part_differs")


@pytest.mark.parametrize("content", [make_pdf_with_script(), b"GIF89a" + bytes(100)])
async def test_content_that_is_not_taken_is_refused_with_a_reason(phone, content):
    upload = await announce(phone, content)
    await send(phone, upload, 1, content)

    answer = await phone.post(f"/v1/uploads/{upload}/complete")

    assert (answer.status_code, answer.json()["code"]) == (422, "content_not_allowed")
    assert answer.json()["detail"]


@pytest.mark.parametrize("size", [0, -1, MAX_SIZE + 1])
async def test_a_size_out_of_bounds_is_refused(phone, size):
    answer = await phone.post("/v1/uploads", json={"kind": "other", "size": size, "sha256": "0" * 64})

    assert answer.status_code == 422


async def test_too_many_open_uploads_are_a_conflict_until_some_are_discarded(phone):
    body = {"kind": "other", "size": 1, "sha256": "0" * 64}
    uploads = [(await phone.post("/v1/uploads", json=body)).json()["id"] for _ in range(MOST_OPEN)]

    refused = await phone.post("/v1/uploads", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_uploads")
    assert (await phone.delete(f"/v1/uploads/{uploads[0]}")).status_code == 204

    assert (await phone.get(f"/v1/uploads/{uploads[0]}")).status_code == 404
    assert (await phone.post("/v1/uploads", json=body)).status_code == 201


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PUT", "/parts/1"), ("POST", "/complete"), ("DELETE", "")])
async def test_another_persons_upload_is_not_there(phone, sign_in, applicant, method, path):
    upload = await announce(phone, make_pdf())
    stranger = await sign_in(applicant)

    answer = await stranger.request(method, f"/v1/uploads/{upload}{path}", content=b"x" if method == "PUT" else None)

    assert (answer.status_code, answer.json()["code"]) == (404, "upload_not_found")


async def test_another_persons_upload_cannot_be_attached(phone, sign_in, applicant, draft):
    stranger = await sign_in(applicant)
    upload = await upload_whole(stranger, make_pdf())

    answer = await attach(phone, draft.id, upload)

    assert (answer.status_code, answer.json()["code"]) == (404, "upload_not_found")


async def test_an_attached_upload_cannot_be_discarded(phone, draft):
    upload = await upload_whole(phone, make_pdf())
    await attach(phone, draft.id, upload)

    answer = await phone.delete(f"/v1/uploads/{upload}")

    assert (answer.status_code, answer.json()["code"]) == (409, "upload_attached")


async def test_attaching_twice_gives_the_same_document(phone, draft):
    upload = await upload_whole(phone, make_pdf())

    first, again = [await attach(phone, draft.id, upload) for _ in range(2)]

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()


async def test_what_is_attached_is_got_back_as_a_file_no_browser_runs(phone, draft):
    content = make_pdf(100_000)
    document = (await attach(phone, draft.id, await upload_whole(phone, content))).json()

    answer = await phone.get(f"/v1/applications/{draft.id}/documents/{document['id']}/content")

    assert answer.status_code == 200
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["etag"] == f'"{document["sha256"]}"'
    name = f"diagnosis-{document['id'].replace('-', '')[-8:]}.pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_photo_is_got_back_without_its_place(phone, draft):
    photo = make_photo_with_place()
    document = (await attach(phone, draft.id, await upload_whole(phone, photo))).json()

    answer = await phone.get(f"/v1/applications/{draft.id}/documents/{document['id']}/content")

    assert answer.headers["content-type"] == "image/jpeg"
    assert b"Exif" not in answer.content
    assert sha256_of(answer.content) == document["sha256"] != sha256_of(photo)
    assert len(answer.content) == document["size"]


async def test_who_has_the_file_is_not_sent_it_again(phone, draft):
    document = (await attach(phone, draft.id, await upload_whole(phone, make_pdf()))).json()
    headers = {"If-None-Match": f'"{document["sha256"]}"'}

    answer = await phone.get(f"/v1/applications/{draft.id}/documents/{document['id']}/content", headers=headers)

    assert (answer.status_code, answer.content) == (304, b"")


async def test_a_stranger_gets_no_paper(phone, sign_in, applicant, draft):
    document = (await attach(phone, draft.id, await upload_whole(phone, make_pdf()))).json()
    stranger = await sign_in(applicant)

    answer = await stranger.get(f"/v1/applications/{draft.id}/documents/{document['id']}/content")

    assert (answer.status_code, answer.json()["code"]) == (404, "application_not_found")


async def test_a_paper_that_is_none_is_not_found(phone, draft):
    answer = await phone.get(f"/v1/applications/{draft.id}/documents/{uuid4()}/content")

    assert (answer.status_code, answer.json()["code"]) == (404, "document_not_found")


async def test_a_file_that_the_storage_lost_is_said_to_be_lost(app, phone, draft):
    upload = await upload_whole(phone, make_pdf())
    document = (await attach(phone, draft.id, upload)).json()
    await app.state.tools.storage.delete_under(f"files/{upload}")

    answer = await phone.get(f"/v1/applications/{draft.id}/documents/{document['id']}/content")

    assert (answer.status_code, answer.json()["code"]) == (503, "file_lost")


@pytest_asyncio.fixture
async def handed_in(database, sign_in):
    """An application that was handed in with a paper: its id and the paper's."""
    from app.applications.commands import submit_application

    async with database.unit_of_work() as db:
        household = await build_household(db, name="测试丁")
        draft = await build_draft(db, household)
    phone = await sign_in(household.applicant)
    document = (await attach(phone, draft.id, await upload_whole(phone, make_pdf()))).json()
    async with database.unit_of_work() as db:
        await submit_application(db, household.applicant, draft.id, truth_promised=True)
    return draft.id, document["id"]


@pytest.mark.parametrize("division", [TOWNSHIP, COUNTY])
async def test_caseworkers_of_the_place_get_the_paper_and_that_is_on_record(staff, handed_in, database, division):
    from app.audit.queries import Wanted, list_records
    from app.identity.actors import Actor

    application, document = handed_in
    console = await staff(Role.TOWNSHIP_HANDLER, division)

    answer = await console.get(f"/v1/console/applications/{application}/documents/{document}/content")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    async with database.reading() as db:
        overseer = Actor(uuid4(), Role.SUPERVISOR, COUNTY)
        wanted = Wanted(object_id=application, action="document.read")
        records = await list_records(db, overseer, wanted, limit=10)
    assert [record.detail for record, _ in records] == [{"document": document}]


async def test_caseworkers_of_another_place_get_nothing(staff, handed_in):
    application, document = handed_in
    console = await staff(Role.TOWNSHIP_HANDLER, "532529203000")

    answer = await console.get(f"/v1/console/applications/{application}/documents/{document}/content")

    assert (answer.status_code, answer.json()["code"]) == (404, "application_not_found")


async def test_a_paper_of_another_application_is_not_found(staff, handed_in, database):
    async with database.unit_of_work() as db:
        other = await build_submitted(db, await build_household(db, name="测试戊"))
    console = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    answer = await console.get(f"/v1/console/applications/{other.id}/documents/{handed_in[1]}/content")

    assert (answer.status_code, answer.json()["code"]) == (404, "document_not_found")
