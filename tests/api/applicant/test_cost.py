"""What handing in costs: how often it asks the database. On the busiest day this is what everybody waits for."""

import re

import asyncpg.protocol.protocol
import pytest

from tests.builders.applications import build_draft, build_household

_SENT = ("query", "bind_execute", "bind_execute_many")  # a statement is prepared once a connection, and kept
_DRIVERS_OWN = ("typeinfo", "'jit'")  # once a connection, where it meets an array
# BEGIN and COMMIT, the key twice, the caller, six to read and judge the household, eight to write: one of them that the
# applicant has signed for the child.
_MOST = 19


def _text_of(*given: object, **named: object) -> str:
    statement = named.get("state") or (given[0] if given else "")
    return re.sub(r"\s+", " ", str(getattr(statement, "query", statement)))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent to the database, one entry a round trip."""
    found: list[str] = []

    def watch(name: str) -> None:
        original = getattr(asyncpg.protocol.protocol.Protocol, name)

        def watched(self, *given, **named):
            text = _text_of(*given, **named)
            if not any(mark in text for mark in _DRIVERS_OWN):
                found.append(text[:80])
            return original(self, *given, **named)

        monkeypatch.setattr(asyncpg.protocol.protocol.Protocol, name, watched)

    for name in _SENT:
        watch(name)
    return found


async def test_handing_in_asks_the_database_no_oftener_than_it_has_to(sign_in, database, sent):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
    phone = await sign_in(household.applicant)
    sent.clear()

    answer = await phone.post(f"/v1/applications/{draft.id}/submit", json={"truth_promised": True})

    assert answer.status_code == 200, answer.text
    assert sent[0].startswith("BEGIN")
    assert sent[-1].startswith("COMMIT")
    assert len(sent) <= _MOST, "\n".join(sent)
