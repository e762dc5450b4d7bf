"""A process that does nothing but seal, in small batches, until it is killed: `URL KEY_FILE`.

It prints a line when it begins, so that whoever kills it knows that there is something to kill.
"""

import asyncio
import random
import sys
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from app.audit.jobs import seal_batch
from app.audit.signing import load_signer
from app.core.clock import SystemClock
from app.core.db import Database, make_engine
from app.core.reach import EVERYTHING
from tests.support.vaults import self_made_vault


async def _seal(url: str, key_file: Path) -> None:
    database = Database(make_engine(url, 1), SystemClock(), self_made_vault(), reach=EVERYTHING)
    signer, numbers = load_signer(key_file), random.Random()
    print("sealing", flush=True)
    while True:
        try:
            async with database.unit_of_work("seal") as db:
                sealed = await seal_batch(db, signer, numbers.randint(1, 40))
        except IntegrityError:
            continue
        await asyncio.sleep(0 if sealed else 0.005)


if __name__ == "__main__":
    asyncio.run(_seal(sys.argv[1], Path(sys.argv[2])))
