"""One port, two storages: what holds for the folder holds for the bucket."""

import asyncio
import json

import pytest

from app.core.storage import FolderStorage, open_storage
from tests.support.bucket import running_bucket


@pytest.fixture
def bucket():
    with running_bucket() as bucket:
        yield bucket


@pytest.fixture
def s3(tmp_path, bucket):
    path = tmp_path / "s3.json"
    path.write_text(json.dumps({**bucket.connection, "prefix": "county"}))
    return open_storage(tmp_path, path)


@pytest.fixture(params=["folder", "s3"])
def storage(request, tmp_path, s3):
    return s3 if request.param == "s3" else open_storage(tmp_path / "files", None)


async def test_what_is_kept_is_got_back(storage):
    content = bytes(range(256)) * 4096

    await storage.put("uploads/a/1", content)

    assert await storage.get("uploads/a/1") == content


async def test_a_key_written_again_holds_the_new_content(storage):
    await storage.put("uploads/a/1", b"old")
    await storage.put("uploads/a/1", b"new")

    assert await storage.get("uploads/a/1") == b"new"


async def test_what_was_never_kept_is_not_found(storage):
    with pytest.raises(FileNotFoundError):
        await storage.get("uploads/a/1")


async def test_forgetting_twice_is_no_error(storage):
    await storage.put("uploads/a/1", b"x")

    await storage.delete("uploads/a/1")
    await storage.delete("uploads/a/1")

    with pytest.raises(FileNotFoundError):
        await storage.get("uploads/a/1")


async def test_a_folder_is_forgotten_whole_and_no_other(storage):
    for key in ("uploads/a/1", "uploads/a/2", "uploads/ab/1"):
        await storage.put(key, b"x")

    await storage.delete_under("uploads/a")
    await storage.delete_under("uploads/a")

    assert await storage.get("uploads/ab/1") == b"x"
    for key in ("uploads/a/1", "uploads/a/2"):
        with pytest.raises(FileNotFoundError):
            await storage.get(key)


async def test_all_of_a_folder_but_one_is_forgotten(storage):
    for key in ("files/a/1", "files/a/2"):
        await storage.put(key, key.encode())

    await storage.delete_under("files/a", keep="files/a/2")

    assert await storage.get("files/a/2") == b"files/a/2"
    with pytest.raises(FileNotFoundError):
        await storage.get("files/a/1")


async def test_many_writers_of_one_key_leave_one_whole_content(storage):
    contents = [bytes([n]) * 100_000 for n in range(10)]

    await asyncio.gather(*(storage.put("uploads/a/1", content) for content in contents))

    assert await storage.get("uploads/a/1") in contents


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "a/../../outside", "", "."])
async def test_no_key_leaves_the_folder(tmp_path, key):
    storage = FolderStorage(tmp_path / "files")

    with pytest.raises(ValueError, match="leaves the storage folder"):
        await storage.put(key, b"x")


async def test_a_folder_leaves_nothing_half_written(tmp_path):
    storage = FolderStorage(tmp_path)

    await storage.put("uploads/a/1", b"x")

    assert [path.name for path in (tmp_path / "uploads" / "a").iterdir()] == ["1"]


async def test_the_bucket_is_spoken_to_with_signed_requests_under_its_prefix(s3, bucket):
    await s3.put("uploads/a/1", b"x")

    assert list(bucket.objects) == ["county/uploads/a/1"]
    assert bucket.unsigned == 0
