"""Completing: once, whoever asks how often, and again after a kill."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image

from app.core.storage import FolderStorage
from app.files.commands import complete_upload, put_part
from app.files.errors import ContentNotAllowed, DigestMismatch, FilesBusy, UploadNotFound, UploadUnfinished
from app.files.limits import PART_SIZE
from app.files.places import file_key, part_key
from tests.builders.files import announce, build_complete, build_sent, parts_of, read_kept, send_parts
from tests.support.files import make_locked_pdf, make_pdf, make_photo_with_place, sha256_of


class _Killed(Exception):
    """Stands for the end of the process at this point."""


class _DiesAtFile(FolderStorage):
    """Breaks off where the finished file is to be written, or the parts cleared away."""

    def __init__(self, root, at):
        super().__init__(root)
        self.at = at

    async def put(self, key, content):
        if self.at == "file" and key.startswith("files/"):
            raise _Killed
        await super().put(key, content)

    async def delete_under(self, folder, *, keep=None):
        if self.at == "parts":
            raise _Killed
        await super().delete_under(folder, keep=keep)


def _kept(files):
    return sorted(path.relative_to(files).parts[0] for path in files.rglob("*") if path.is_file())


async def test_the_whole_is_kept_and_its_parts_are_cleared_away(database, storage, owner, files):
    content = make_pdf(3 * PART_SIZE)
    upload = await build_sent(database, storage, owner, content)

    done = await complete_upload(database, storage, owner, upload.id)

    assert done.completed_at
    assert done.media_type == "application/pdf"
    assert done.stored_size == len(content)
    assert done.stored_sha256 == sha256_of(content)
    assert await read_kept(database, storage, done) == content
    assert _kept(files) == ["files"]


async def test_a_photo_is_kept_without_its_place_and_described_as_kept(database, storage, owner):
    done = await build_complete(database, storage, owner, make_photo_with_place(orientation=6))

    kept = await read_kept(database, storage, done)
    assert b"Exif" not in kept
    assert Image.open(BytesIO(kept)).size == (480, 640)
    assert done.stored_sha256 == sha256_of(kept) != done.sha256
    assert done.stored_size == len(kept)


async def test_missing_parts_are_named(database, storage, owner):
    content = make_pdf(3 * PART_SIZE)
    upload = await announce(database, owner, content)
    await put_part(database, storage, owner, upload.id, 2, parts_of(content)[1], {})

    with pytest.raises(UploadUnfinished) as refusal:
        await complete_upload(database, storage, owner, upload.id)

    assert [fault.pointer for fault in refusal.value.faults] == ["/parts/1", "/parts/3", "/parts/4"]


async def test_another_file_than_announced_is_refused(database, storage, owner):
    content = make_pdf()
    upload = await announce(database, owner, content, sha256="0" * 64)
    await send_parts(database, storage, owner, upload, content)

    with pytest.raises(DigestMismatch):
        await complete_upload(database, storage, owner, upload.id)


@pytest.mark.parametrize("content", [b"MZ program", make_locked_pdf(), make_photo_with_place()[:300]])
async def test_content_that_is_not_taken_is_refused_and_not_kept(database, storage, owner, files, content):
    upload = await build_sent(database, storage, owner, content)

    with pytest.raises(ContentNotAllowed) as refusal:
        await complete_upload(database, storage, owner, upload.id)

    assert refusal.value.detail
    assert _kept(files) == ["uploads"]


async def test_completing_again_gives_the_same(database, storage, owner):
    first = await build_complete(database, storage, owner, make_photo_with_place())

    again = await complete_upload(database, storage, owner, first.id)

    assert (again.completed_at, again.stored_sha256) == (first.completed_at, first.stored_sha256)


async def test_completing_ten_times_at_once_gives_one_file(database, storage, owner, files):
    upload = await build_sent(database, storage, owner, make_photo_with_place())

    done = await asyncio.gather(*(complete_upload(database, storage, owner, upload.id) for _ in range(10)))

    assert len({(each.completed_at, each.stored_sha256) for each in done}) == 1
    assert _kept(files) == ["files"]


@pytest.mark.parametrize("at", ["file", "parts"])
async def test_killed_in_the_middle_it_is_completed_by_asking_again(database, storage, owner, files, at):
    upload = await build_sent(database, storage, owner, make_photo_with_place())
    with pytest.raises(_Killed):
        await complete_upload(database, _DiesAtFile(files, at), owner, upload.id)

    done = await complete_upload(database, storage, owner, upload.id)

    assert await storage.get(file_key(done.id, done.stored_sha256))


async def test_a_part_that_the_disk_lost_counts_as_missing_again(database, storage, owner):
    content = make_pdf(3 * PART_SIZE)
    upload = await build_sent(database, storage, owner, content)
    lost = parts_of(content)[1]
    await storage.delete(part_key(upload.id, 2, sha256_of(lost)))

    with pytest.raises(UploadUnfinished) as refusal:
        await complete_upload(database, storage, owner, upload.id)
    await put_part(database, storage, owner, upload.id, 2, lost, {})
    done = await complete_upload(database, storage, owner, upload.id)

    assert [fault.pointer for fault in refusal.value.faults] == ["/parts/2"]
    assert done.stored_sha256 == sha256_of(content)


async def test_no_connection_is_held_while_a_file_is_read(database, storage, owner, monkeypatch):
    upload = await build_sent(database, storage, owner, make_pdf())
    held = []

    async def look(content):
        held.append(database.engine.pool.checkedout())
        return await original(content)

    from app.files.commands import completing

    original = completing.clean_file
    monkeypatch.setattr(completing, "clean_file", look)
    await complete_upload(database, storage, owner, upload.id)

    assert held == [0]


async def test_who_waits_too_long_is_told_to_come_back(database, storage, owner, monkeypatch):
    from app.files.commands import completing

    async def hang(content):
        await asyncio.sleep(60)

    upload = await build_sent(database, storage, owner, make_pdf())
    monkeypatch.setattr(completing, "_PATIENCE", 0.2)
    with monkeypatch.context() as stuck:
        stuck.setattr(completing, "clean_file", hang)
        with pytest.raises(FilesBusy):
            await complete_upload(database, storage, owner, upload.id)

    monkeypatch.undo()
    assert (await complete_upload(database, storage, owner, upload.id)).completed_at


async def test_a_stranger_completes_nothing(database, storage, owner, stranger):
    upload = await build_sent(database, storage, owner, make_pdf())

    with pytest.raises(UploadNotFound):
        await complete_upload(database, storage, stranger, upload.id)
