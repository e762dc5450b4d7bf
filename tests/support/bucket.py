"""A stand-in for an S3-compatible service on this machine: one bucket in memory, four kinds of requests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

NAME = "papers"


@dataclass
class Bucket:
    """What lies in it, and how often somebody asked without signing."""

    connection: dict[str, str] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    unsigned: int = 0


@contextmanager
def running_bucket() -> Iterator[Bucket]:
    """Serve an empty bucket as long as the block runs."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(bucket))
    bucket.connection |= {
        "endpoint": f"http://127.0.0.1:{server.server_port}",
        "bucket": NAME,
        "access_key_id": "TESTKEY",
        "secret_access_key": "test-secret",
    }
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler_of(bucket: Bucket) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            bucket.objects[self._key()] = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(200, headers={"ETag": '"1"'})

        def do_GET(self) -> None:
            key = self._key()
            if not key:
                self._answer(200, _listing(bucket, parse_qs(urlsplit(self.path).query)["prefix"][0]))
            elif key in bucket.objects:
                self._answer(
                    200, bucket.objects[key], {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 04:00:00 GMT"}
                )
            else:
                self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

        def do_DELETE(self) -> None:
            bucket.objects.pop(self._key(), None)
            self._answer(204)

        def _key(self) -> str:
            signature = self.headers.get("Authorization", "")
            bucket.unsigned += not signature.startswith("AWS4-HMAC-SHA256 Credential=TESTKEY/")
            return unquote(urlsplit(self.path).path).removeprefix(f"/{NAME}").removeprefix("/")

        def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


def _listing(bucket: Bucket, prefix: str) -> bytes:
    entries = "".join(
        f"<Contents><Key>{escape(key)}</Key><LastModified>2026-11-23T04:00:00.000Z</LastModified>"
        f"<ETag>1</ETag><Size>{len(content)}</Size></Contents>"
        for key, content in sorted(bucket.objects.items())
        if key.startswith(prefix)
    )
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()
