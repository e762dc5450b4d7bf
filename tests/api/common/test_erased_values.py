"""What a caller is told when a value cannot be opened: erased, or a key that is just being read."""

from dataclasses import replace

from app.core.crypto import GENERAL
from app.identity.models import Citizen
from tests.builders.people import build_citizen
from tests.support.vaults import self_made_vault


async def put_phone(database, actor, sealed: bytes) -> None:
    async with database.unit_of_work() as db:
        (await db.get(Citizen, actor.id)).phone_sealed = sealed


async def test_an_erased_value_is_gone(sign_in, database):
    async with database.unit_of_work() as db:
        actor = await build_citizen(db)
    key = database.vault.key_for("539900")
    await put_phone(database, actor, database.vault.seal("citizens.phone", actor.id, "19000000001", division="539900"))
    phone = await sign_in(actor)
    keys = database.vault.keys.held()
    database.vault.keys.replace([*keys.values(), replace(key, retired=True, cipher=None)])

    answer = await phone.get("/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (410, "value_erased")


async def test_a_key_not_read_yet_is_worth_another_try(sign_in, database):
    async with database.unit_of_work() as db:
        actor = await build_citizen(db)
    elsewhere = self_made_vault().seal("citizens.phone", actor.id, "19000000001", division=GENERAL)
    await put_phone(database, actor, elsewhere)
    phone = await sign_in(actor)

    answer = await phone.get("/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (503, "key_not_loaded")
    assert answer.headers["retry-after"] == "1"
