"""Worker and API are killed in the middle of verification and payroll: nothing is lost, nothing is done twice.

Kills follow what the database says has been reached, not the clock.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest_asyncio

from scripts.local.evidence import CHECKPOINTS, RECORDS, write_evidence
from tests.support.cleaning import empty_tables
from tests.support.killed_stack import KilledStack
from tests.support.verifier import verifier

_QUESTIONS = 42  # three members, fourteen items each


@pytest_asyncio.fixture
async def rows(database_url: str):
    """Ask the database, as its owner; what the story left there is gone afterwards."""
    connection = await asyncpg.connect(database_url)
    await connection.execute("SET jit = off")

    async def ask(query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await connection.fetch(query)]

    yield ask
    await connection.close()
    await empty_tables(database_url)


async def test_a_story_goes_on_to_its_end_while_worker_and_api_are_killed(database_url, rows, tmp_path: Path):
    async with KilledStack(tmp_path / "data", database_url).running() as stack:
        story = stack.tell_story()
        try:
            await _kill_during_verification(stack, rows)
            await _kill_during_payroll(stack, rows)
            code = await asyncio.wait_for(asyncio.to_thread(story.wait), 400)
        finally:
            story.kill()
            story.wait()
        assert code == 0, stack.log_of("story")[-4000:]
        assert stack.killed == ["worker", "api", "worker", "api", "api"]
        await stack.until(lambda: _nothing_waits(rows))
        await _check_once_and_only_once(rows)
        await _check_money(stack, rows)
        await _check_evidence(stack, rows, tmp_path / "evidence")


async def _kill_during_verification(stack: KilledStack, rows) -> None:
    # A question is out: its answer meets a dead worker, and is asked for again once that is noticed.
    await stack.until(lambda: _is_any(rows, "SELECT 1 FROM checks WHERE attempts > 0"))
    await stack.kill("worker")
    await stack.advance("PT20S")
    # The banks have taken theirs: they call back to nobody.
    await stack.until(lambda: _is_any(rows, "SELECT 1 FROM checks WHERE status = 'dispatched'"))
    await stack.kill("api")


async def _kill_during_payroll(stack: KilledStack, rows) -> None:
    # Released: whether the batch has left for the bank, nobody knows until it is asked.
    await stack.until(lambda: _is_any(rows, "SELECT 1 FROM payrolls WHERE status = 'released'"))
    await stack.kill("worker", "api")
    await stack.advance("PT3M")
    # The bank has it: its receipts come to nobody at first.
    await stack.until(lambda: _is_any(rows, "SELECT 1 FROM payrolls WHERE accepted_at IS NOT NULL"))
    await stack.kill("api")


async def _is_any(rows, query: str) -> bool:
    return bool(await rows(query))


async def _nothing_waits(rows) -> bool:
    """Say whether every job is done; what the story's last act set going may still run."""
    return not await rows("SELECT 1 FROM pgqueuer")


async def _check_once_and_only_once(rows) -> None:
    """Each question was answered once, each step of the way was taken once."""
    assert await rows("SELECT status, count(*) FROM checks GROUP BY 1") == [("answered", _QUESTIONS)]
    answers = "SELECT object_id, count(*) FROM audit_records WHERE action = 'check.answer' GROUP BY 1"
    assert {count for _, count in await rows(answers)} == {1}
    assert await rows("SELECT count(*) FROM household_reports") == [(1,)]
    once = ("application.submitted", "application.accepted", "verification.completed", "opinion.given", "decision.made",
            "award.opened", "payroll.released", "payment.made")  # fmt: skip
    told = dict(await rows("SELECT type, count(*) FROM events GROUP BY 1"))
    assert {kind: told[kind] for kind in once} == dict.fromkeys(once, 1)
    assert await rows("SELECT kind, count(*) FROM notices GROUP BY 1 ORDER BY 1") == [("award", 1), ("opinion", 1)]
    sent_twice = "SELECT event_id, citizen_id FROM messages GROUP BY 1, 2 HAVING count(*) > 1"
    assert await rows(sent_twice) == []


async def _check_evidence(stack: KilledStack, rows, folder: Path) -> None:
    """Every record is sealed in the end, and nothing looks tampered with."""
    unsealed = "SELECT 1 FROM audit_records r WHERE NOT EXISTS (SELECT 1 FROM audit_leaves l WHERE l.record_id = r.id)"
    await stack.until(lambda: _is_none(rows, unsealed))
    await asyncio.to_thread(folder.mkdir)
    counted = await write_evidence(stack.database_url, folder)
    async with httpx.AsyncClient(base_url=stack.facts["base_url"], trust_env=False) as anyone:
        shown = (await anyone.get("/v1/public/audit-checkpoints", params={"limit": 100})).json()
        keys = (await anyone.get("/v1/public/audit-keys")).json()["items"]
    kept = [verifier.read_note(each["note"]) for each in shown["items"]]
    published = verifier.read_checkpoints((folder / CHECKPOINTS).read_text())
    lines = (folder / RECORDS).read_text().splitlines()
    known = [verifier.Key.read(each["verifier_key"]) for each in keys]
    report = verifier.verify(lines, kept, published, known, now=datetime.now(UTC))
    assert (report.findings, report.sealed, report.covered) == ([], counted, counted)


async def _is_none(rows, query: str) -> bool:
    return not await rows(query)


async def _check_money(stack: KilledStack, rows) -> None:
    """One line paid, one posting for each cause, every account settled, and the bank says the same."""
    [(amount,)] = await rows("SELECT amount_fen FROM pay_lines WHERE status = 'paid'")
    assert await rows("SELECT count(*) FROM pay_lines") == [(1,)]
    postings = "SELECT cause_type, count(*), sum(amount_fen) FROM postings GROUP BY 1 ORDER BY 1"
    assert await rows(postings) == [("accrual", 1, amount), ("payment", 1, amount)]
    balances = """
        SELECT account, sum(fen)::bigint FROM (
            SELECT debit AS account, amount_fen AS fen FROM postings
            UNION ALL SELECT credit, -amount_fen FROM postings
        ) AS sides GROUP BY 1
    """
    by_account = dict(await rows(balances))
    assert sum(by_account.values()) == 0
    assert sorted(by_account.values()) == [-amount, 0, amount], "the household is owed nothing any more"
    facts = stack.facts
    async with httpx.AsyncClient(base_url=facts["sandbox_url"], trust_env=False) as sandbox:
        asked = [
            sandbox.get("/agencies/paying_bank/credits", params={"account": person["account"]})
            for person in facts["applicants"]
            if person["account"]
        ]
        credits = [answer.json() for answer in await asyncio.gather(*asked)]
    given = [(each["count"], each["total_fen"]) for each in credits if each["count"]]
    assert given == [(1, amount)], "one household has it, once"
