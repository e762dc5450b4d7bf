"""`scripts/first-administrator`: opens the account of an installation's first administrator.

All others are opened by an administrator through the API, which the first one cannot be. Once there is one, this
command refuses: it is no back door. The password is read from standard input, one line, and never from the command
line, which other users of a machine can see; its owner replaces it by one of their own at the first sign-in.

The installation is the one whose settings are in the environment (DATABASE_URL, DIBAO_…), or the local one in --data,
which has to be running.
"""

import argparse
import asyncio
import getpass
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from app.audit.commands import record_act
from app.core.clock import SystemClock, today
from app.core.crypto import make_vault
from app.core.db import Database, WriteSession, make_engine
from app.core.errors import DomainError
from app.core.outages import SUSPECTS, is_outage
from app.core.reach import EVERYTHING
from app.core.starting import refuse_outdated_schema
from app.identity.actors import SYSTEM, Role
from app.identity.commands import add_staff
from app.identity.numbers import read_name
from app.identity.queries import has_administrator
from app.reference.queries import get_division
from app.settings import load_settings
from scripts.local.installation import point_at
from scripts.local.narration import Refusal, say
from scripts.local.processes import Stop

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,63}")
_LENGTHS = range(12, 129)  # of a password, as for every other account


def first_administrator(arguments: Sequence[str], stop: Stop) -> int:
    """Open the account.

    Raises:
        Refusal: there is an administrator already, or something of the account is not acceptable.
    """
    parser = argparse.ArgumentParser(prog="scripts/first-administrator", description=__doc__)
    parser.add_argument("username", help="letters, digits and . _ -, beginning with a letter")
    parser.add_argument("name", help="who it is")
    parser.add_argument(
        "--division", default="530000000000", help="below which the account sees (default: %(default)s)"
    )
    parser.add_argument("--data", type=Path, help="a running local installation (default: .data/serve)")
    options = parser.parse_args(arguments)
    if not _USERNAME.fullmatch(options.username):
        raise Refusal("The user name is 3 to 64 small letters, digits and . _ -, beginning with a letter.")
    point_at(options.data)
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) not in _LENGTHS:
        raise Refusal("The password, one line on standard input, is 12 to 128 characters.")
    try:
        asyncio.run(_open(options, password))
    except DomainError as refusal:
        raise Refusal(f"{refusal}.") from None
    except SUSPECTS as error:
        if not is_outage(error):
            raise
        raise Refusal("The database does not answer.") from None
    say(f"{options.username} may sign in, and should begin with a password of their own: POST /v1/console/me/password.")
    return 0


async def _open(options: argparse.Namespace, password: str) -> None:
    settings, clock = load_settings(), SystemClock()
    vault = make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock)
    database = Database(make_engine(settings.database_url, 1), clock, vault, reach=EVERYTHING)
    try:
        await refuse_outdated_schema(database)
        async with database.unit_of_work("first-administrator") as db:
            await open_first_account(db, options.username, password, options.name, options.division, today(clock))
    finally:
        await database.dispose()


async def open_first_account(
    db: WriteSession, username: str, password: str, name: str, division: str, on: date
) -> None:
    """Open the account and keep that it was opened by the system.

    Raises:
        Refusal: there is an administrator.
        DivisionUnknown, DivisionMalformed, NameMalformed, PasswordTooSimple, UsernameTaken: as the words say.
    """
    if await has_administrator(db):
        raise Refusal("There is an administrator already, who opens all further accounts: POST /v1/console/staff.")
    post = await get_division(db, division, on)
    staff = await add_staff(db, username, password, read_name(name), Role.ADMINISTRATOR, post.code)
    county = staff.division[:6]
    await record_act(
        db, SYSTEM, "staff.add", "staff", staff.id, county=county, row=staff, role=staff.role, division=staff.division
    )
