"""Files of 3 MB over a link that cuts every 80 kB, while the API is killed again and again.

Small in the suite; `scripts/trial-uploads` runs it with a hundred files (TRIAL_UPLOADS) and prints what it measured.
"""

import asyncio
import os
import time
from collections.abc import Callable

from app.files.limits import PART_SIZE
from app.identity.commands import start_session
from app.keys.loading import open_vault
from tests.builders.applications import build_draft, build_household
from tests.support.bad_link import CuttingLink
from tests.support.files import make_noise, make_pdf, sha256_of
from tests.support.killed_api import KilledApi
from tests.support.stubborn_phone import Sent, StubbornPhone

# The suite runs beside other work on small machines: few files, and a kill for each 5 MB.
FILES = int(os.environ.get("TRIAL_UPLOADS", "4"))
FILE_SIZE = 3_000_000
CUT_AFTER = 80_000
IN_FLIGHT = 10
PHONES = 10
BYTES_PER_KILL = 5_000_000 if FILES < 20 else 20_000_000


async def test_files_arrive_whole_over_a_link_that_cuts_while_the_api_is_killed(database_url, database, tmp_path):
    api = KilledApi(tmp_path, database_url)
    link = CuttingLink(api.port, CUT_AFTER)
    try:
        await api.start()
        async with link.running():
            phones = await _phones(api, link)
            began = time.monotonic()
            sending = asyncio.ensure_future(_send_all(phones))
            await _kill_now_and_then(api, link, sending.done)
            sent = await sending
            seconds = time.monotonic() - began
    finally:
        api.end()

    report = _measure(sent, link, api, seconds)
    print("\n" + report)
    assert api.kills >= 2
    assert link.cuts >= FILES * FILE_SIZE // CUT_AFTER // 2
    for number, each in enumerate(sent):
        assert sha256_of(each.kept) == each.document["sha256"], "what is kept is not what is said to be kept"
        if _is_pdf(number):
            assert each.kept == _file(number), "a PDF is kept as it was sent"
    again = link.bytes_up - sum(len(_file(number)) for number in range(FILES))
    # Everything beyond the files themselves counts as sent again: headers, other requests, answers never received.
    assert again <= 0.05 * FILES * FILE_SIZE + _breaks(link, api) * PART_SIZE, report


async def _phones(api: KilledApi, link: CuttingLink) -> list[StubbornPhone]:
    database, phones = api.database(), []
    try:
        await open_vault(database)
        for _ in range(min(PHONES, FILES)):
            async with database.unit_of_work() as db:
                household = await build_household(db)
                application = await build_draft(db, household)
                tokens = await start_session(db, api.keys, household.applicant.id, household.applicant.role)
            url = f"http://127.0.0.1:{link.port}"
            phones.append(StubbornPhone(url, tokens.access_token, str(application.id)))
    finally:
        await database.dispose()
    return phones


async def _send_all(phones: list[StubbornPhone]) -> list[Sent]:
    free = asyncio.Semaphore(IN_FLIGHT)

    async def send(number: int) -> Sent:
        async with free:
            return await phones[number % len(phones)].hand_over(await asyncio.to_thread(_file, number))

    return await asyncio.gather(*(send(number) for number in range(FILES)))


async def _kill_now_and_then(api: KilledApi, link: CuttingLink, is_over: Callable[[], bool]) -> None:
    next_kill = BYTES_PER_KILL
    while not is_over():
        if link.bytes_up >= next_kill:
            await api.kill_and_start()
            next_kill = link.bytes_up + BYTES_PER_KILL
        await asyncio.sleep(0.02)


def _is_pdf(number: int) -> bool:
    return number % 2 == 0


def _file(number: int) -> bytes:
    """Return the file of that number, made anew: a hundred of them need not be in memory."""
    return make_pdf(FILE_SIZE, seed=number) if _is_pdf(number) else make_noise(FILE_SIZE, seed=number)


def _breaks(link: CuttingLink, api: KilledApi) -> int:
    """Return how often a connection broke: by the link, or all in flight with the API."""
    return link.cuts + api.kills * IN_FLIGHT


def _measure(sent: list[Sent], link: CuttingLink, api: KilledApi, seconds: float) -> str:
    total = sum(len(_file(number)) for number in range(FILES))
    again = link.bytes_up - total
    allowed = 0.05 * total + _breaks(link, api) * PART_SIZE
    parts, tries = sum(each.parts for each in sent), sum(each.tries for each in sent)
    return (
        f"{len(sent)} files, {total / 1e6:.0f} MB, in {seconds:.0f} s; the API was killed {api.kills} times, "
        f"the link cut {link.cuts} times.\n"
        f"Up went {link.bytes_up / 1e6:.0f} MB, {again / 1e6:.0f} MB ({again / total:.1%}) more than the files; "
        f"allowed are {allowed / 1e6:.0f} MB more: 5 % and one part per break.\n"
        f"{parts} parts were sent {tries} times: {tries - parts} tries ended with the connection, "
        f"{again / max(1, _breaks(link, api)) / 1000:.1f} kB for each break."
    )
