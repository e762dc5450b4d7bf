"""Forged access tokens: none is accepted, and none is answered with anything but "please sign in".

Small in the suite; `scripts/trial-tokens` tries twenty thousand (TRIAL_TOKENS), and SEED chooses others.
"""

import itertools
import os
from collections import Counter

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from app.api.common.deps import Tools
from app.core.storage import FolderStorage
from app.identity.actors import Role
from app.identity.commands import start_session
from app.identity.errors import TokenRejected
from app.identity.keys import load_key_ring, write_new_key_file
from app.identity.models import Session
from app.identity.tokens import read_access_token
from app.settings import Settings
from tests.builders.people import build_citizen, build_staff
from tests.support.forgeries import Forger

COUNT = int(os.environ.get("TRIAL_TOKENS", "2000"))
OVER_HTTP = COUNT // 5 if "TRIAL_TOKENS" in os.environ else 250
SEED = int(os.environ.get("SEED", "20261125"))


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "tokens.json"
    write_new_key_file(path)
    return load_key_ring(path)


@pytest_asyncio.fixture
async def forger(database, keys, clock):
    """Around two sessions that stand: what were accepted would open something."""
    async with database.unit_of_work() as db:
        citizen = await build_citizen(db)
        administrator = await build_staff(db, Role.ADMINISTRATOR, "530000000000")
        for actor in (citizen, administrator):
            await start_session(db, keys, actor.id, actor.role)
    async with database.reading() as db:
        sessions = (await db.execute(select(Session))).scalars().all()
    return Forger(keys, clock.now(), [(s.subject_id, Role(s.role), s.id) for s in sessions], SEED)


async def test_no_forgery_is_accepted(forger, keys, clock):
    accepted: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for forgery in itertools.islice(forger.forgeries(), COUNT):
        tried[forgery.kind] += 1
        try:
            read_access_token(keys, forgery.token, clock.now())
        except TokenRejected:
            continue
        accepted[forgery.kind] += 1

    assert not accepted
    assert min(tried.values()) >= COUNT // len(tried)
    if "TRIAL_TOKENS" in os.environ:
        print(f"\n{COUNT} forgeries of {len(tried)} kinds, seed {SEED}: {sum(accepted.values())} accepted")


async def test_a_genuine_token_passes_every_check_that_the_forgeries_fail(forger, keys, clock):
    for _ in range(50):
        read_access_token(keys, forger.genuine(), clock.now())


async def test_over_http_a_forgery_is_a_401_and_nothing_else(assembled, forger, keys, database, tmp_path):
    app = assembled
    app.state.tools = Tools(
        settings=Settings.model_construct(environment="sandbox", public_url="http://test", limit_factor=10**6),
        database=database,
        keys=keys,
        storage=FolderStorage(tmp_path),
        partners={},
        inbound_secrets={},
    )
    answers: Counter[int] = Counter()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        for path in ("/v1/me", "/v1/console/staff"):
            codes = {
                (await http.get(path, headers={"Authorization": f"Bearer {forger.genuine()}"})).status_code
                for _ in range(8)
            }
            assert 200 in codes, path  # of one of the two a genuine token opens it
        for number, forgery in enumerate(itertools.islice(forger.forgeries(), OVER_HTTP)):
            path = ("/v1/me", "/v1/console/staff", "/v1/applications/019ac0de-0000-7000-8000-000000000001/timeline")[
                number % 3
            ]
            bearer = f"Bearer {forgery.token}".encode("utf-8", "surrogatepass")
            answer = await http.get(path, headers=[(b"Authorization", bearer)])
            answers[answer.status_code] += 1
            assert answer.status_code in (400, 401, 431), (forgery.kind, answer.status_code, answer.text)
            if answer.status_code == 401:
                assert answer.json()["code"] == "token_rejected"
    assert answers[401] > OVER_HTTP * 0.8
    if "TRIAL_TOKENS" in os.environ:
        print(f"\n{OVER_HTTP} of them over HTTP: {dict(answers)}")
