"""Files in a bucket of an S3-compatible service. Imported only where settings name one (dependency group `s3`).

Only the plainest requests are made (PUT, GET, DELETE, list): services that call themselves compatible differ elsewhere.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from obstore.store import S3Store


@dataclass(frozen=True)
class S3Connection:
    """Where the bucket is and who we are there. `virtual_hosted`: the bucket's name is part of the host name."""

    endpoint: str
    bucket: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    region: str = "us-east-1"
    prefix: str | None = None
    virtual_hosted: bool = False


def load_s3_connection(path: Path) -> S3Connection:
    """Read the file: {endpoint, bucket, access_key_id, secret_access_key} and, if need be, the other members.

    Raises:
        TypeError: a member is missing or unknown.
    """
    return S3Connection(**json.loads(path.read_text()))


class S3Storage:
    """Blobs as objects of one bucket."""

    def __init__(self, connection: S3Connection) -> None:
        self._store = S3Store(
            connection.bucket,
            prefix=connection.prefix,
            endpoint=connection.endpoint,
            region=connection.region,
            access_key_id=connection.access_key_id,
            secret_access_key=connection.secret_access_key,
            virtual_hosted_style_request=connection.virtual_hosted,
            disable_bulk_delete=True,
            client_options={
                "allow_http": connection.endpoint.startswith("http://"),
                "timeout": timedelta(seconds=20),
                "connect_timeout": timedelta(seconds=5),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        )

    async def put(self, key: str, content: bytes) -> None:
        # In one piece: files are small, and a multipart upload that breaks off leaves its parts to pay for.
        await self._store.put_async(key, content, use_multipart=False)

    async def get(self, key: str) -> bytes:
        answer = await self._store.get_async(key)
        return bytes(await answer.bytes_async())

    async def delete(self, key: str) -> None:
        await self._store.delete_async(key)

    async def delete_under(self, folder: str, *, keep: str | None = None) -> None:
        async for page in self._store.list_async(prefix=folder + "/"):
            for entry in page:
                if entry["path"] != keep:
                    await self.delete(entry["path"])
