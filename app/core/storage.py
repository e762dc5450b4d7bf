"""Where files live: one port, a folder behind it by default, an S3-compatible service where settings name one."""

import os
import secrets
import shutil
from pathlib import Path
from typing import Protocol

import anyio


class Storage(Protocol):
    """Keeps blobs under keys like 'uploads/<id>/3'. Writing a key again replaces it whole.

    Keys are made by the product, never by a caller.
    """

    async def put(self, key: str, content: bytes) -> None:
        """Keep `content`; it is on disk when this returns."""
        ...

    async def get(self, key: str) -> bytes:
        """Return the content.

        Raises:
            FileNotFoundError: nothing is kept under the key.
        """
        ...

    async def delete(self, key: str) -> None:
        """Forget the key; nothing there is no error."""
        ...

    async def delete_under(self, folder: str, *, keep: str | None = None) -> None:
        """Forget all keys 'folder/…', but `keep`; nothing there is no error."""
        ...


class FolderStorage:
    """Files in a folder of the machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, content: bytes) -> None:
        await anyio.to_thread.run_sync(_write, self._path(key), content)

    async def get(self, key: str) -> bytes:
        return await anyio.to_thread.run_sync(self._path(key).read_bytes)

    async def delete(self, key: str) -> None:
        await anyio.to_thread.run_sync(lambda: self._path(key).unlink(missing_ok=True))

    async def delete_under(self, folder: str, *, keep: str | None = None) -> None:
        kept = self._path(keep) if keep is not None else None
        await anyio.to_thread.run_sync(_clear, self._path(folder), kept)

    def _path(self, key: str) -> Path:
        path = (self._root / key).resolve()
        if not path.is_relative_to(self._root.resolve()) or path == self._root.resolve():
            raise ValueError("key leaves the storage folder")
        return path


def open_storage(folder: Path, s3_file: Path | None) -> Storage:
    """Return the storage that settings name: `folder`, or the service that `s3_file` describes.

    Raises:
        ImportError: a service is named, and the dependency group `s3` is not installed.
    """
    if s3_file is None:
        return FolderStorage(folder)
    from app.core.storage_s3 import S3Storage, load_s3_connection  # an optional dependency

    return S3Storage(load_s3_connection(s3_file))


def _write(path: Path, content: bytes) -> None:
    # A name of its own for each writer: two of the same key must not write into one another.
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        file = fresh.open("wb")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = fresh.open("wb")
    with file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """See that a new name survives a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear(folder: Path, keep: Path | None) -> None:
    if keep is None or not keep.exists():
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        if path != keep:
            path.unlink(missing_ok=True)
