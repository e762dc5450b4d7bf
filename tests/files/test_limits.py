"""What one citizen may leave open, and what clears it away."""

import asyncio
from datetime import timedelta

import pytest

from app.core.errors import DomainError
from app.files.commands import attach_upload, begin_upload, complete_upload, discard_upload
from app.files.errors import TooManyUploads, UploadAttached, UploadNotFound, UploadUnfinished
from app.files.jobs import remove_orphans, tidy_up
from app.files.limits import (
    MAX_SIZE,
    MOST_OPEN,
    MOST_OPEN_BYTES,
    PART_SIZE,
    UNATTACHED_FOR,
    UNFINISHED_FOR,
    UNTIDY_FOR,
    count_parts,
    part_length,
)
from app.files.places import file_key, part_key
from app.files.queries import find_upload, get_upload
from tests.builders.files import announce, build_complete, build_sent
from tests.support.files import make_pdf

_SECOND = timedelta(seconds=1)


async def _begin(database, owner, size=1):
    async with database.unit_of_work() as db:
        return await begin_upload(db, owner, kind="other", size=size, sha256="0" * 64)


async def _exists(database, upload):
    async with database.reading() as db:
        return await find_upload(db, upload.id) is not None


@pytest.mark.parametrize(
    ("size", "lengths"),
    [
        (1, [1]),
        (PART_SIZE, [PART_SIZE]),
        (PART_SIZE + 1, [PART_SIZE, 1]),
        (2 * PART_SIZE, [PART_SIZE, PART_SIZE]),
    ],
)
def test_a_file_is_cut_into_full_parts_and_a_rest(size, lengths):
    assert count_parts(size) == len(lengths)
    assert [part_length(size, number) for number in range(len(lengths) + 2)] == [0, *lengths, 0]


async def test_a_citizen_leaves_only_so_many_open(database, owner, stranger):
    uploads = [await _begin(database, owner) for _ in range(MOST_OPEN)]

    with pytest.raises(TooManyUploads):
        await _begin(database, owner)
    await _begin(database, stranger)
    async with database.unit_of_work() as db:
        await discard_upload(db, owner, uploads[0].id)
    await _begin(database, owner)


async def test_a_citizen_leaves_only_so_much_open(database, owner):
    for _ in range(MOST_OPEN_BYTES // MAX_SIZE):
        await _begin(database, owner, MAX_SIZE)

    with pytest.raises(TooManyUploads):
        await _begin(database, owner, MAX_SIZE)


async def test_announcing_many_at_once_does_not_get_past_the_limit(database, owner):
    results = await asyncio.gather(*(_begin(database, owner) for _ in range(MOST_OPEN + 10)), return_exceptions=True)

    assert sum(isinstance(result, TooManyUploads) for result in results) == 10


async def test_what_is_attached_is_no_longer_open(database, storage, owner):
    done = await build_complete(database, storage, owner)
    async with database.unit_of_work() as db:
        await attach_upload(db, owner, done.id)

    for _ in range(MOST_OPEN):
        await _begin(database, owner)


async def test_only_what_is_complete_can_be_attached(database, owner):
    upload = await _begin(database, owner)

    with pytest.raises(UploadUnfinished):
        async with database.unit_of_work() as db:
            await attach_upload(db, owner, upload.id)


async def test_what_is_attached_cannot_be_discarded(database, storage, owner):
    done = await build_complete(database, storage, owner)
    async with database.unit_of_work() as db:
        await attach_upload(db, owner, done.id)

    with pytest.raises(UploadAttached):
        async with database.unit_of_work() as db:
            await discard_upload(db, owner, done.id)


async def test_what_was_discarded_is_gone_at_once_and_cleared_away_by_the_sweep(database, storage, owner, files):
    upload = await build_sent(database, storage, owner, make_pdf())
    async with database.unit_of_work() as db:
        await discard_upload(db, owner, upload.id)

    with pytest.raises(UploadNotFound):
        async with database.reading() as db:
            await get_upload(db, owner, upload.id)
    await remove_orphans(database, storage)

    assert not await _exists(database, upload)
    assert not [path for path in files.rglob("*") if path.is_file()]


async def test_unfinished_uploads_are_cleared_away_after_seven_days(database, storage, owner, clock, files):
    upload = await build_sent(database, storage, owner, make_pdf())

    clock.set(clock.now() + UNFINISHED_FOR)
    await remove_orphans(database, storage)
    assert await _exists(database, upload)
    clock.set(clock.now() + _SECOND)
    await remove_orphans(database, storage)

    assert not await _exists(database, upload)
    assert not [path for path in files.rglob("*") if path.is_file()]


async def test_unattached_files_are_cleared_away_after_thirty_days(database, storage, owner, clock, files):
    upload = await build_complete(database, storage, owner)

    clock.set(clock.now() + UNATTACHED_FOR)
    await remove_orphans(database, storage)
    assert await _exists(database, upload)
    clock.set(clock.now() + _SECOND)
    await remove_orphans(database, storage)

    assert not await _exists(database, upload)
    assert not [path for path in files.rglob("*") if path.is_file()]


async def test_attached_files_are_kept(database, storage, owner, clock):
    done = await build_complete(database, storage, owner)
    async with database.unit_of_work() as db:
        await attach_upload(db, owner, done.id)

    clock.set(clock.now() + 10 * UNATTACHED_FOR)
    await remove_orphans(database, storage)
    await tidy_up(database, storage)

    assert await storage.get(file_key(done.id, done.stored_sha256))


async def test_a_sweep_that_was_killed_goes_on_from_there(database, storage, owner, files):
    class _Broken(Exception):
        pass

    class _Breaks:
        async def delete_under(self, folder, *, keep=None):
            raise _Broken

    upload = await build_sent(database, storage, owner, make_pdf())
    async with database.unit_of_work() as db:
        await discard_upload(db, owner, upload.id)
    with pytest.raises(_Broken):
        await remove_orphans(database, _Breaks())

    await remove_orphans(database, storage)

    assert not await _exists(database, upload)
    assert not [path for path in files.rglob("*") if path.is_file()]


async def test_what_lies_beside_a_finished_file_is_cleared_away(database, storage, owner, clock, files):
    done = await build_complete(database, storage, owner)
    await storage.put(part_key(done.id, 1, "a" * 64), b"late")
    await storage.put(file_key(done.id, "b" * 64), b"twice")

    clock.set(clock.now() + UNTIDY_FOR + _SECOND)
    await tidy_up(database, storage)
    await tidy_up(database, storage)

    assert [path.name for path in files.rglob("*") if path.is_file()] == [done.stored_sha256]


async def test_many_orphans_are_cleared_away_in_one_sweep(database, storage, owner, clock):
    uploads = []
    for _ in range(3):  # a citizen has fewer open than a sweep takes at a time
        batch = [await announce(database, owner, b"x") for _ in range(20)]
        uploads += batch
        async with database.unit_of_work() as db:
            for upload in batch:
                await discard_upload(db, owner, upload.id)

    await remove_orphans(database, storage)

    assert not any([await _exists(database, upload) for upload in uploads])


async def test_a_completion_and_a_discard_at_once_leave_a_clear_state(database, storage, owner):
    upload = await build_sent(database, storage, owner, make_pdf())

    async def discard():
        async with database.unit_of_work() as db:
            await discard_upload(db, owner, upload.id)

    results = await asyncio.gather(
        complete_upload(database, storage, owner, upload.id), discard(), return_exceptions=True
    )

    assert all(not isinstance(result, BaseException) or isinstance(result, DomainError) for result in results)
    await remove_orphans(database, storage)
    assert not await _exists(database, upload)
