"""What the outside world remembers over a restart: one small SQLite file. The sandbox's only SQL.

SQLite is called directly from the event loop: every statement is a lookup by key in a file of a few hundred rows.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS asked (
    agency TEXT, reference TEXT, item TEXT, about TEXT, authorisation TEXT,
    times INTEGER NOT NULL, last_at REAL NOT NULL, PRIMARY KEY (agency, reference, item, about, authorisation));
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, phone TEXT NOT NULL, text TEXT NOT NULL, template TEXT NOT NULL, sent_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_phone ON messages (phone, id);
CREATE TABLE IF NOT EXISTS callbacks (
    id INTEGER PRIMARY KEY, agency TEXT NOT NULL, path TEXT NOT NULL, body BLOB NOT NULL, due REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, acknowledged INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS callbacks_due ON callbacks (acknowledged, due);
CREATE TABLE IF NOT EXISTS enquiries (
    reference TEXT PRIMARY KEY, ticket TEXT NOT NULL, callback INTEGER NOT NULL, question TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batches (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL);
CREATE TABLE IF NOT EXISTS payments (
    batch TEXT, sequence INTEGER, line TEXT NOT NULL, account TEXT NOT NULL, payee TEXT NOT NULL,
    amount INTEGER NOT NULL, status TEXT, code TEXT, serial TEXT, value_date TEXT, PRIMARY KEY (batch, sequence));
CREATE INDEX IF NOT EXISTS payments_account ON payments (account);
CREATE TABLE IF NOT EXISTS files (
    agency TEXT, serial TEXT, digest TEXT NOT NULL, body BLOB NOT NULL, taken_at TEXT NOT NULL, due REAL NOT NULL,
    PRIMARY KEY (agency, serial));
"""


@dataclass(frozen=True)
class Callback:
    """A message that an agency owes us."""

    id: int
    agency: str
    path: str
    body: bytes
    attempts: int


@dataclass(frozen=True)
class LineResult:
    """What became of one line of a batch: 'S' with serial and value date, or 'F' with a code."""

    sequence: int
    status: str
    code: str | None
    serial: str | None
    value_date: str | None


class Store:
    """All tables. Changes that belong together go inside `with store.together():`."""

    def __init__(self, path: Path) -> None:
        # Autocommit; transactions are written out. WAL with NORMAL survives the kill of the process.
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make several changes or none. No `await` inside."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def count_question(
        self, agency: str, reference: str, item: str, *, about: str = "", authorisation: str = ""
    ) -> None:
        """Count one more time that `agency` was asked under `reference`: about whom (the identity number), and on what
        authorisation, as the question said. When it was last asked is kept in the machine's time."""
        self._db.execute(
            "INSERT INTO asked VALUES (?, ?, ?, ?, ?, 1, ?)"
            " ON CONFLICT DO UPDATE SET times = times + 1, last_at = excluded.last_at",
            (agency, reference, item, about, authorisation, time.time()),
        )

    def list_questions(self, agency: str, reference: str | None) -> list[dict[str, Any]]:
        """Return how often each question was put, the latest 1,000."""
        rows = self._db.execute(
            "SELECT reference, item, times FROM asked WHERE agency = ? AND reference = coalesce(?, reference)"
            " ORDER BY rowid DESC LIMIT 1000",
            (agency, reference),
        )
        return [dict(row) for row in rows]

    def summarise_questions(self) -> dict[str, dict[str, int]]:
        """Return per agency how many questions it saw, and how many different ones."""
        rows = self._db.execute(
            "SELECT agency, sum(times) AS asked, count(*) AS distinct_questions FROM asked GROUP BY agency"
        )
        return {row["agency"]: {"asked": row["asked"], "distinct": row["distinct_questions"]} for row in rows}

    def add_message(self, phone: str, text: str, template: str, sent_at: str) -> int:
        """Keep an SMS and return its number."""
        cursor = self._db.execute(
            "INSERT INTO messages (phone, text, template, sent_at) VALUES (?, ?, ?, ?)",
            (phone, text, template, sent_at),
        )
        return cursor.lastrowid or 0

    def list_messages(self, phone: str, limit: int) -> list[dict[str, str]]:
        """Return the SMS of one phone, newest first."""
        rows = self._db.execute(
            "SELECT phone, text, template, sent_at FROM messages WHERE phone = ? ORDER BY id DESC LIMIT ?",
            (phone, limit),
        )
        return [dict(row) for row in rows]

    def add_callback(self, agency: str, path: str, body: bytes, due: float) -> int:
        """Owe a message from `due` on and return its number."""
        cursor = self._db.execute(
            "INSERT INTO callbacks (agency, path, body, due) VALUES (?, ?, ?, ?)", (agency, path, body, due)
        )
        return cursor.lastrowid or 0

    def list_due_callbacks(self, now: float, limit: int) -> list[Callback]:
        """Return messages that are owed and due, the longest overdue first."""
        rows = self._db.execute(
            "SELECT id, agency, path, body, attempts FROM callbacks WHERE acknowledged = 0 AND due <= ?"
            " ORDER BY due, id LIMIT ?",
            (now, limit),
        )
        return [Callback(**row) for row in rows]

    def acknowledge_callback(self, number: int) -> None:
        """Owe a message no longer."""
        self._db.execute("UPDATE callbacks SET acknowledged = 1, attempts = attempts + 1 WHERE id = ?", (number,))

    def postpone_callback(self, number: int, due: float) -> None:
        """Try a message again at `due`."""
        self._db.execute("UPDATE callbacks SET due = ?, attempts = attempts + 1 WHERE id = ?", (due, number))

    def repeat_callback(self, number: int, due: float) -> None:
        """Owe a message again that was acknowledged; one still owed keeps its time."""
        self._db.execute(
            "UPDATE callbacks SET acknowledged = 0, due = ?, attempts = 0 WHERE id = ? AND acknowledged = 1",
            (due, number),
        )

    def summarise_callbacks(self) -> dict[str, dict[str, int]]:
        """Return per agency how many messages were acknowledged and how many are still owed."""
        rows = self._db.execute(
            "SELECT agency, sum(acknowledged) AS acknowledged, sum(1 - acknowledged) AS owed, sum(attempts) AS attempts"
            " FROM callbacks GROUP BY agency"
        )
        return {row["agency"]: {key: row[key] for key in ("acknowledged", "owed", "attempts")} for row in rows}

    def find_enquiry(self, reference: str) -> sqlite3.Row | None:
        """Return ticket, callback and question of an enquiry at the banks."""
        row: sqlite3.Row | None = self._db.execute(
            "SELECT ticket, callback, question FROM enquiries WHERE reference = ?", (reference,)
        ).fetchone()
        return row

    def add_enquiry(self, reference: str, ticket: str, callback: int, question: str) -> None:
        """Keep an enquiry at the banks."""
        self._db.execute("INSERT INTO enquiries VALUES (?, ?, ?, ?)", (reference, ticket, callback, question))

    def find_file(self, agency: str, serial: str) -> sqlite3.Row | None:
        """Return a file of questions: digest, body, when it was taken, and when its answers are due."""
        row: sqlite3.Row | None = self._db.execute(
            "SELECT digest, body, taken_at, due FROM files WHERE agency = ? AND serial = ?", (agency, serial)
        ).fetchone()
        return row

    def add_file(self, agency: str, serial: str, digest: str, body: bytes, taken_at: str, due: float) -> None:
        """Keep a file of questions."""
        self._db.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)", (agency, serial, digest, body, taken_at, due))

    def find_batch(self, batch: str) -> sqlite3.Row | None:
        """Return digest and state of a payment batch."""
        row: sqlite3.Row | None = self._db.execute("SELECT digest, done FROM batches WHERE id = ?", (batch,)).fetchone()
        return row

    def add_batch(self, batch: str, digest: str, due: float, lines: Iterable[tuple[int, str, str, str, int]]) -> None:
        """Keep a batch with its lines: sequence, line, account, payee, amount in fen."""
        self._db.execute("INSERT INTO batches (id, digest, due) VALUES (?, ?, ?)", (batch, digest, due))
        self._db.executemany(
            "INSERT INTO payments (batch, sequence, line, account, payee, amount) VALUES (?, ?, ?, ?, ?, ?)",
            ((batch, *line) for line in lines),
        )

    def list_due_batches(self, now: float) -> list[str]:
        """Return the batches to carry out now."""
        return [row["id"] for row in self._db.execute("SELECT id FROM batches WHERE done = 0 AND due <= ?", (now,))]

    def finish_batch(self, batch: str, results: Iterable[LineResult]) -> None:
        """Write what became of each line and close the batch."""
        self._db.executemany(
            "UPDATE payments SET status = ?, code = ?, serial = ?, value_date = ? WHERE batch = ? AND sequence = ?",
            ((line.status, line.code, line.serial, line.value_date, batch, line.sequence) for line in results),
        )
        self._db.execute("UPDATE batches SET done = 1 WHERE id = ?", (batch,))

    def list_payments(self, batch: str, after: int, limit: int) -> list[sqlite3.Row]:
        """Return lines of a batch in order, those with a sequence above `after`."""
        return self._db.execute(
            "SELECT * FROM payments WHERE batch = ? AND sequence > ? ORDER BY sequence LIMIT ?", (batch, after, limit)
        ).fetchall()

    def count_payments(self, batch: str) -> int:
        """Return how many lines a batch has."""
        return int(self._db.execute("SELECT count(*) FROM payments WHERE batch = ?", (batch,)).fetchone()[0])

    def list_credits(self, account: str) -> list[dict[str, Any]]:
        """Return every credit of one account: the proof of what was paid and how often."""
        rows = self._db.execute(
            "SELECT batch, line, amount AS amount_fen, serial AS transaction_no, value_date FROM payments"
            " WHERE account = ? AND status = 'S' ORDER BY value_date, serial",
            (account,),
        )
        return [dict(row) for row in rows]
