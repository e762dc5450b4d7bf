"""Calling with care: few at once, one more try where that is safe, and none at all while an agency is down."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.facts import Answer, FactKey, Item
from app.partners.banking.fake import FakeBanking
from app.partners.base import Acknowledged, HeldBack, PartnerUnavailable, Query
from app.partners.calling.care import Care
from app.partners.calling.guarded import GuardedPartner, guard, held_back_for
from app.partners.tax.fake import FakeTax
from tests.partners.suite import STRANGER, query_for

# A rest so short that a test can wait for its end, and long enough that what happens before it does.
CARE = Care(deadline=5.0, tries=1, pause=0.0, failures=3, rest=0.2, at_once=2, queue=0.05)
LONG = replace(CARE, rest=60.0)
QUESTION = query_for(Item.INCOME, STRANGER, "测试无名氏")


def guarded(care: Care = LONG, fake: Any = None) -> tuple[Any, GuardedPartner]:
    fake = fake or FakeTax()
    partner = guard(fake, care)
    assert isinstance(partner, GuardedPartner)
    return fake, partner


async def fails(partner: GuardedPartner, reason: str, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(PartnerUnavailable) as failure:
            await partner.ask(QUESTION)
        assert failure.value.reason == reason


class Slow(FakeTax):
    """Answers when it is let, and knows how many wait at once."""

    def __init__(self) -> None:
        super().__init__()
        self.let = asyncio.Event()
        self.waiting = self.most = 0

    async def ask(self, query: Query) -> Answer:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        try:
            await self.let.wait()
            return self.look_up(query)
        finally:
            self.waiting -= 1


async def test_an_agency_that_answers_is_what_it_was() -> None:
    fake, partner = guarded()
    fake.learn(Item.INCOME, STRANGER, {FactKey.TAXED_WAGES_YEAR: 1}, date(2026, 11, 20))

    answer = await partner.ask(QUESTION)

    assert isinstance(answer, Answer)
    assert answer.facts[FactKey.TAXED_WAGES_YEAR].value == 1
    assert (partner.code, partner.items, held_back_for(partner)) == (fake.code, fake.items, 0.0)


async def test_after_failures_in_a_row_nothing_is_asked_any_more() -> None:
    fake, partner = guarded()
    fake.fail("timeout")

    await fails(partner, "timeout", 3)
    await fails(partner, "held_back", 5)

    assert len(fake.asked) == 3
    assert 1 <= held_back_for(partner) <= 90


async def test_an_answer_between_failures_begins_the_row_anew() -> None:
    fake, partner = guarded()
    for _ in range(4):
        fake.fail("garbage")
        await fails(partner, "garbage", 2)
        fake.fail(None)
        await partner.ask(QUESTION)

    assert held_back_for(partner) == 0.0


async def test_no_record_is_an_answer_like_any_other() -> None:
    _, partner = guarded()

    for _ in range(10):
        assert await partner.ask(QUESTION) == Answer.none()


async def test_after_its_rest_one_question_probes_and_its_answer_opens_the_way() -> None:
    fake = Slow()
    _, partner = guarded(CARE, fake)
    fake.fail("error")
    fake.let.set()
    await fails(partner, "error", 3)
    fake.fail(None)
    fake.let.clear()
    await _until(lambda: held_back_for(partner) == 0.0)

    probe = asyncio.create_task(partner.ask(QUESTION))
    await _until(lambda: fake.waiting == 1)
    await fails(partner, "held_back", 3)
    fake.let.set()

    assert await probe == Answer.none()
    assert await partner.ask(QUESTION) == Answer.none()
    assert fake.most == 1


async def test_a_probe_that_fails_begins_another_rest() -> None:
    fake, partner = guarded(CARE)
    fake.fail("error")
    await fails(partner, "error", 3)
    await _until(lambda: held_back_for(partner) == 0.0)

    await fails(partner, "error")
    await fails(partner, "held_back")

    assert len(fake.asked) == 4


async def test_being_cancelled_says_nothing_about_an_agency() -> None:
    fake = Slow()
    _, partner = guarded(LONG, fake)
    for _ in range(5):
        waiting = asyncio.create_task(partner.ask(QUESTION))
        await _until(lambda: fake.waiting == 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert held_back_for(partner) == 0.0

    fake.fail("error")
    fake.let.set()
    await fails(partner, "error", 3)
    fake.let.clear()
    assert held_back_for(partner) > 0, "and ends no rest"


async def test_no_more_questions_are_under_way_than_agreed() -> None:
    fake = Slow()
    _, partner = guarded(LONG, fake)

    under_way = [asyncio.create_task(partner.ask(QUESTION)) for _ in range(2)]
    await _until(lambda: fake.waiting == 2)
    with pytest.raises(HeldBack) as held:
        await partner.ask(QUESTION)
    fake.let.set()

    assert held.value.seconds > 0
    assert await asyncio.gather(*under_way) == [Answer.none()] * 2
    assert (fake.most, held_back_for(partner)) == (2, 0.0), "being busy is no failure"
    assert await partner.ask(QUESTION) == Answer.none()


async def test_one_that_waits_shortly_gets_the_place_that_becomes_free() -> None:
    fake = Slow()
    _, partner = guarded(replace(LONG, at_once=1, queue=5.0), fake)

    asked = [asyncio.create_task(partner.ask(QUESTION)) for _ in range(3)]
    await _until(lambda: fake.waiting == 1)
    fake.let.set()

    assert await asyncio.gather(*asked) == [Answer.none()] * 3
    assert fake.most == 1


async def test_the_deadline_holds_for_a_question_with_all_its_pages() -> None:
    _, partner = guarded(replace(LONG, deadline=0.05), Slow())

    await fails(partner, "timeout")


class Stumbling(FakeTax):
    """Fails the first time it is asked."""

    async def ask(self, query: Query) -> Answer:
        self.fail(None if self.asked else self.stumbles_with)
        return self.look_up(query)

    stumbles_with = "error"


@pytest.mark.parametrize("reason", ["error", "refused"])
async def test_what_failed_at_once_is_asked_once_more_under_the_same_reference(reason: str) -> None:
    fake, partner = guarded(replace(LONG, tries=2), Stumbling())
    fake.stumbles_with = reason

    assert await partner.ask(QUESTION) == Answer.none()
    assert [query.reference for query in fake.asked] == [QUESTION.reference] * 2


@pytest.mark.parametrize("reason", ["timeout", "garbage"])
async def test_what_would_fail_again_is_not_asked_again(reason: str) -> None:
    fake, partner = guarded(replace(LONG, tries=2))
    fake.fail(reason)

    await fails(partner, reason)

    assert len(fake.asked) == 1


async def test_an_agency_that_minds_repeats_is_asked_once() -> None:
    class Minding(Stumbling):
        repeatable = False

    fake, partner = guarded(replace(LONG, tries=2), Minding())

    await fails(partner, "error")

    assert len(fake.asked) == 1


async def test_two_tries_in_vain_are_one_failure() -> None:
    fake, partner = guarded(replace(LONG, tries=2))
    fake.fail("error")

    await fails(partner, "error", 3)

    assert (len(fake.asked), held_back_for(partner) > 0) == (6, True)


async def test_many_questions_at_once_do_not_share_their_tries() -> None:
    fake, partner = guarded(replace(LONG, tries=2, failures=100, at_once=50, pause=0.02))
    fake.fail("error")

    await asyncio.gather(*(fails(partner, "error") for _ in range(20)))

    assert len(fake.asked) == 40


async def test_an_item_of_another_agency_is_a_mistake_of_ours_and_no_failure_of_theirs() -> None:
    _, partner = guarded()

    for _ in range(5):
        with pytest.raises(LookupError):
            await partner.ask(replace(QUESTION, item=Item.DEPOSITS))

    assert held_back_for(partner) == 0.0


async def test_an_adapter_that_breaks_counts_as_an_agency_that_fails() -> None:
    fake, partner = guarded()
    fake.look_up = lambda query: 1 / 0

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await partner.ask(QUESTION)

    await fails(partner, "held_back")


async def test_nothing_of_a_question_that_failed_is_kept() -> None:
    fake, partner = guarded()
    fake.fail("error")

    await fails(partner, "error", 3)

    assert partner._breaker._circuit.last_failure is None


async def test_who_answers_later_is_read_as_before() -> None:
    fake, partner = guarded(LONG, FakeBanking())
    question = replace(QUESTION, item=Item.DEPOSITS)

    assert isinstance(await partner.ask(question), Acknowledged)

    assert partner.read_callback(fake.late_reply(question.reference)).answer == Answer.none()
    assert not hasattr(guarded()[1], "read_callback")


async def _until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while True:
            if condition():
                return
            await asyncio.sleep(0.01)
