"""Staff of the sandbox: everybody one application needs, in two counties, so that one can see where a view ends.

Passwords are derived from the installation's own key: the same at every start of the same data, different elsewhere,
and stored nowhere but as argon2 hashes.
"""

import base64
from dataclasses import dataclass

from app.core.crypto import Vault
from app.core.db import Database
from app.identity.actors import Role
from app.identity.commands import add_staff
from app.identity.queries import find_staff_by_username


@dataclass(frozen=True)
class Post:
    """One member of staff: where, as what, known how."""

    username: str
    name: str
    role: Role
    division: str


def _county(prefix: str, place: str, village: str) -> tuple[Post, ...]:
    """Return the staff of one county, one of its townships and one village."""
    township, county = village[:9] + "000", village[:6] + "000000"
    return (
        Post(f"{prefix}-village", f"测试{place}协理员", Role.VILLAGE_HELPER, village),
        Post(f"{prefix}-township-1", f"测试{place}乡镇经办甲", Role.TOWNSHIP_HANDLER, township),
        Post(f"{prefix}-township-2", f"测试{place}乡镇经办乙", Role.TOWNSHIP_HANDLER, township),
        Post(f"{prefix}-reviewer", f"测试{place}乡镇审核人", Role.TOWNSHIP_REVIEWER, township),
        Post(f"{prefix}-township-confirmer", f"测试{place}乡镇确认人", Role.TOWNSHIP_CONFIRMER, township),
        Post(f"{prefix}-county-1", f"测试{place}县级经办甲", Role.COUNTY_HANDLER, county),
        Post(f"{prefix}-county-2", f"测试{place}县级经办乙", Role.COUNTY_HANDLER, county),
        Post(f"{prefix}-county-3", f"测试{place}县级经办丙", Role.COUNTY_HANDLER, county),
        Post(f"{prefix}-confirmer", f"测试{place}县级审核确认人", Role.COUNTY_CONFIRMER, county),
        Post(f"{prefix}-finance", f"测试{place}财务", Role.FINANCE, county),
        Post(f"{prefix}-supervisor", f"测试{place}监督", Role.SUPERVISOR, county),
        Post(f"{prefix}-admin", f"测试{place}管理员", Role.ADMINISTRATOR, county),
    )


POSTS = (
    *_county("honghe", "红河县", "532529103204"),
    *_county("zhenxiong", "镇雄县", "530627102210"),
    Post("province-supervisor", "测试省级监督", Role.SUPERVISOR, "530000000000"),
    Post("province-admin", "测试省级管理员", Role.ADMINISTRATOR, "530000000000"),
)


def password_of(vault: Vault, username: str) -> str:
    """Return the sandbox password of a user name in this installation."""
    return base64.b32encode(vault.derive("sandbox-password:" + username)[:10]).decode().lower()


async def seed_staff(database: Database) -> list[dict[str, str]]:
    """Sign up whoever is missing; returns username, password, role and division of everybody."""
    async with database.unit_of_work() as db:
        for post in POSTS:
            if await find_staff_by_username(db, post.username) is None:
                await add_staff(
                    db, post.username, password_of(db.vault, post.username), post.name, post.role, post.division
                )
    return [
        {
            "username": post.username,
            "password": password_of(database.vault, post.username),
            "role": post.role.value,
            "division": post.division,
        }
        for post in POSTS
    ]
