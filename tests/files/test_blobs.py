"""What lies in the storage is sealed: parts and files, each upload under a key of its own."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from app.core.crypto import BlobKey, Suite
from app.files.blobs import get_blob, key_of, put_blob
from app.files.commands import complete_upload
from app.files.errors import UploadUnfinished
from app.files.limits import PART_SIZE
from app.files.places import file_key, part_key
from app.files.queries import find_upload
from tests.builders.files import announce, build_complete, build_sent, parts_of, read_kept, send_parts
from tests.support.files import make_pdf, sha256_of

MARKER = b"%PDF"


def _on_disk(files):
    return [path.read_bytes() for path in files.rglob("*") if path.is_file()]


async def test_parts_and_file_never_lie_in_clear(database, storage, owner, files):
    content = make_pdf(2 * PART_SIZE)
    upload = await build_sent(database, storage, owner, content)
    assert len(_on_disk(files)) == len(parts_of(content))
    assert not any(MARKER in blob or part[:64] in blob for blob in _on_disk(files) for part in parts_of(content))

    done = await complete_upload(database, storage, owner, upload.id)

    (kept,) = _on_disk(files)
    assert MARKER not in kept
    assert content[:64] not in kept
    assert await read_kept(database, storage, done) == content


async def test_two_uploads_of_the_same_file_have_nothing_in_common_on_disk(database, storage, owner, files):
    await build_complete(database, storage, owner)
    await build_complete(database, storage, owner)

    one, other = _on_disk(files)

    assert one != other


async def test_a_blob_under_another_place_counts_as_lost(database, storage, owner):
    done = await build_complete(database, storage, owner)
    place = file_key(done.id, done.stored_sha256)
    await storage.put("files/elsewhere", await storage.get(place))

    with pytest.raises(FileNotFoundError):
        await get_blob(storage, key_of(database.vault, done), "files/elsewhere")


async def test_a_part_the_disk_garbled_is_asked_of_the_phone_again(database, storage, owner):
    content = make_pdf(2 * PART_SIZE)
    upload = await build_sent(database, storage, owner, content)
    first = part_key(upload.id, 1, sha256_of(parts_of(content)[0]))
    blob = await storage.get(first)
    await storage.put(first, blob[:-1] + bytes([blob[-1] ^ 1]))

    with pytest.raises(UploadUnfinished):
        await complete_upload(database, storage, owner, upload.id)

    await send_parts(database, storage, owner, upload, content)
    assert (await complete_upload(database, storage, owner, upload.id)).completed_at


async def test_a_file_kept_in_clear_by_a_version_before_is_still_given_out(database, storage, owner):
    content = make_pdf()
    upload = await announce(database, owner, content)
    async with database.unit_of_work() as db:
        row = await find_upload(db, upload.id)
        row.key_sealed = None
    await send_parts(database, storage, owner, upload, content)

    done = await complete_upload(database, storage, owner, upload.id)

    assert await storage.get(file_key(done.id, done.stored_sha256)) == content
    assert await read_kept(database, storage, done) == content


async def test_the_key_of_one_upload_opens_nothing_of_another(database, storage, owner):
    one = await build_complete(database, storage, owner)
    other = await build_complete(database, storage, owner)

    with pytest.raises(FileNotFoundError):
        await get_blob(storage, key_of(database.vault, other), file_key(one.id, one.stored_sha256))


@given(content=st.binary(max_size=200), suite=st.sampled_from(Suite))
def test_a_blob_opens_at_its_place_and_nowhere_else(content, suite):
    key = BlobKey.read(BlobKey.fresh(suite).write())

    sealed = key.seal("files/a", content)

    assert key.open("files/a", sealed) == content
    for place, changed in (("files/b", sealed), ("files/a", sealed[:-1]), ("files/a", sealed + b"x"), ("files/a", b"")):
        with pytest.raises(InvalidTag):
            key.open(place, changed)


def test_a_key_never_shows_itself():
    key = BlobKey.fresh(Suite.INTL)

    assert key.secret.hex() not in repr(key)


async def test_what_was_put_is_got(database, storage, owner):
    upload = await announce(database, owner, make_pdf())
    key = key_of(database.vault, upload)

    await put_blob(storage, key, "files/x", b"x" * 1000)

    assert await get_blob(storage, key, "files/x") == b"x" * 1000
