"""Parts arrive in any order, twice, at once, and damaged."""

import asyncio
import hashlib

import pytest

from app.files.commands import complete_upload, discard_upload, put_part
from app.files.errors import PartDiffers, PartRejected, UploadFinished, UploadNotFound
from app.files.limits import PART_SIZE
from app.files.queries import list_parts
from tests.builders.files import announce, build_complete, build_sent, parts_of
from tests.support.files import make_pdf


async def _arrived(database, upload):
    async with database.reading() as db:
        return sorted(await list_parts(db, upload.id))


async def test_parts_arrive_in_any_order(database, storage, owner):
    content = make_pdf(3 * PART_SIZE)

    upload = await build_sent(database, storage, owner, content)

    assert await _arrived(database, upload) == [1, 2, 3, 4]


async def test_the_same_part_again_changes_nothing(database, storage, owner, files):
    content = make_pdf()
    upload = await announce(database, owner, content)

    for _ in range(3):
        await put_part(database, storage, owner, upload.id, 1, content, {})

    assert await _arrived(database, upload) == [1]
    assert len([path for path in files.rglob("*") if path.is_file()]) == 1


async def test_the_same_part_ten_times_at_once_is_one(database, storage, owner):
    content = make_pdf()
    upload = await announce(database, owner, content)

    await asyncio.gather(*(put_part(database, storage, owner, upload.id, 1, content, {}) for _ in range(10)))

    assert await _arrived(database, upload) == [1]


async def test_other_bytes_under_the_same_number_are_refused_and_the_first_stay(database, storage, owner):
    content = make_pdf()
    upload = await announce(database, owner, content)
    await put_part(database, storage, owner, upload.id, 1, content, {})

    with pytest.raises(PartDiffers):
        await put_part(database, storage, owner, upload.id, 1, bytes(len(content)), {})

    assert (await complete_upload(database, storage, owner, upload.id)).completed_at


async def test_of_two_contents_at_once_one_stays_whole(database, storage, owner, files):
    content = make_pdf()
    upload = await announce(database, owner, content)
    tries = [put_part(database, storage, owner, upload.id, 1, each, {}) for each in (content, bytes(len(content)))]

    results = await asyncio.gather(*tries, return_exceptions=True)

    assert sorted(map(type, results), key=str) == sorted([type(None), PartDiffers], key=str)
    assert len([path for path in files.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("number", "content"),
    [(0, b""), (3, b""), (-1, b"x"), (1, b"short"), (2, bytes(PART_SIZE)), (1, bytes(PART_SIZE + 1)), (2, b"")],
)
async def test_what_does_not_fit_the_upload_is_refused(database, storage, owner, files, number, content):
    upload = await announce(database, owner, bytes(PART_SIZE + 10))

    with pytest.raises(PartRejected):
        await put_part(database, storage, owner, upload.id, number, content, {})

    assert not files.exists()


@pytest.mark.parametrize("name", ["sha256", "sha512"])
async def test_a_part_that_changed_on_the_way_is_refused(database, storage, owner, name):
    content = make_pdf()
    upload = await announce(database, owner, content)

    with pytest.raises(PartRejected):
        await put_part(database, storage, owner, upload.id, 1, content, {name: hashlib.new(name, b"other").digest()})

    await put_part(database, storage, owner, upload.id, 1, content, {name: hashlib.new(name, content).digest()})
    assert await _arrived(database, upload) == [1]


async def test_a_finished_upload_takes_no_more_parts(database, storage, owner):
    content = make_pdf()
    upload = await build_complete(database, storage, owner, content)

    with pytest.raises(UploadFinished):
        await put_part(database, storage, owner, upload.id, 1, parts_of(content)[0], {})


async def test_a_stranger_sends_no_part(database, storage, owner, stranger):
    content = make_pdf()
    upload = await announce(database, owner, content)

    with pytest.raises(UploadNotFound):
        await put_part(database, storage, stranger, upload.id, 1, content, {})


async def test_a_discarded_upload_takes_no_part(database, storage, owner):
    content = make_pdf()
    upload = await announce(database, owner, content)
    async with database.unit_of_work() as db:
        await discard_upload(db, owner, upload.id)

    with pytest.raises(UploadNotFound):
        await put_part(database, storage, owner, upload.id, 1, content, {})
