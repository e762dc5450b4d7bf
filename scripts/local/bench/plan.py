"""What is asked: prepared once, written to a file, read by the load generator and the report."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.local.data_folder import write_json


@dataclass(frozen=True)
class Ask:
    """One request. `again`: by somebody who has the answer, and says so in If-None-Match."""

    method: str
    path: str
    token: str = ""
    body: str = ""
    key: str = ""
    again: bool = False

    def wire(self, host: str, etag: str = "") -> bytes:
        """Return the bytes to send over a connection that is kept."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"host: {host}", "accept: application/json"]
        headers = (
            ("authorization", f"Bearer {self.token}" if self.token else ""),
            ("if-none-match", etag),
            ("idempotency-key", self.key),
            ("content-type", "application/json" if self.body else ""),
            ("content-length", str(len(self.body.encode())) if self.body else ""),
        )
        lines += [f"{name}: {value}" for name, value in headers if value]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: what it is asked, and the one status it has to answer.

    `once`: each request is sent once, and a round is a number of them; otherwise they go round for a time.
    """

    asks: Sequence[Ask]
    status: int
    once: bool = False


@dataclass(frozen=True)
class Case:
    """One comparison."""

    name: str
    target: float
    floor: Side
    ours: Side


def write_cases(path: Path, cases: Sequence[Case]) -> None:
    """Write the plan."""
    write_json(path, [asdict(case) for case in cases])


def read_cases(path: Path) -> list[Case]:
    """Read the plan."""
    return [
        Case(each["name"], each["target"], _side(each["floor"]), _side(each["ours"]))
        for each in json.loads(path.read_text())
    ]


def _side(content: dict[str, object]) -> Side:
    asks, status, once = content["asks"], content["status"], content["once"]
    assert isinstance(asks, list)
    assert isinstance(status, int)
    return Side([Ask(**ask) for ask in asks], status, bool(once))
