"""What applicants create by POST on the way to handing in, each with what it leaves in the database."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.applications.queries import get_application
from app.complaints.contents import text_of
from app.complaints.models import Complaint
from app.core.clock import FixedClock
from app.core.db import Database
from app.identity.commands import start_session
from app.identity.keys import ACCESS_LIFETIME, KeyRing
from tests.builders.applications import TOWNSHIP, Household, build_household, fill_in
from tests.builders.files import finish_upload
from tests.support.renewing import Sessions
from tests.support.repeating_phone import Act

_VILLAGES = [f"{TOWNSHIP[:9]}{number}" for number in range(201, 207)]  # each takes 300 complaints an hour
_LEFT = timedelta(seconds=6)  # of the first phone's access token, when the trial is prepared
_APART = timedelta(seconds=1)  # the others' end one after another
_EFFECTS = """
    SELECT 'application of ' || applicant_id, id::text FROM applications
    UNION ALL
    SELECT 'signature of ' || member_id, id::text FROM authorisations WHERE signed_by_member_id = member_id
    UNION ALL
    SELECT 'paper ' || upload_id, id::text FROM documents
    UNION ALL
    SELECT 'upload ' || sha256, id::text FROM uploads WHERE completed_at IS NULL
    UNION ALL
    SELECT 'submission of ' || subject, number FROM events JOIN applications ON applications.id = subject
    WHERE type = 'application.submitted'
"""


@dataclass(frozen=True)
class Applicant:
    """A household's head, signed in, on a phone with an address of its own; `paper` is a finished upload."""

    number: int
    household: Household
    token: str
    paper: UUID

    def begins(self) -> Act:
        """Begin the application."""
        return self._signed_in(
            "/v1/applications",
            {"program": "living_allowance", "division": self._village(0)},
            f"application of {self.household.applicant.id}",
            {"program": "living_allowance", "division": self._village(1)},
        )

    def signs(self, application: str) -> list[Act]:
        """Do what must be done before it is handed in, in any order."""
        return [self._signs(f"/v1/applications/{application}", member) for member in range(2)]

    def adds(self, application: str) -> list[Act]:
        """Do what may be done as well, once, in any order."""
        paper = {"kind": "diagnosis", "upload_id": str(self.paper)}
        return [
            self._signed_in(
                f"/v1/applications/{application}/documents", paper, f"paper {self.paper}", {**paper, "kind": "receipt"}
            ),
            self._announces(0),
            self._announces(1),
            self._complains("/v1/complaints", "实名"),
            self._complains("/v1/public/complaints", "匿名"),
        ]

    def wavers(self) -> list[Act]:
        """Do one thing or another, but not both."""
        return [self._announces(2), self._complains("/v1/public/complaints", "犹豫")]

    def hands_in(self, application: str) -> Act:
        """Submit."""
        return self._signed_in(
            f"/v1/applications/{application}/submit",
            {"truth_promised": True},
            f"submission of {application}",
            {"truth_promised": False},
            told="number",
        )

    def _signs(self, path: str, place: int) -> Act:
        member, details = self.household.members[place]
        body = {"member_id": str(member), "signer_name": details.name, "signer_id_number": details.id_number}
        effect = f"signature of {member}"
        return self._signed_in(f"{path}/authorisations", body, effect, {**body, "signer_name": "测试丁"})

    def _announces(self, number: int) -> Act:
        one, other = (hashlib.sha256(f"{self.number} {number} {each}".encode()).hexdigest() for each in "ab")
        body = {"kind": "receipt", "size": 1000, "sha256": one}
        return self._signed_in("/v1/uploads", body, f"upload {one}", {**body, "sha256": other}, f"upload {other}")

    def _complains(self, path: str, how: str) -> Act:
        one, other = (f"{self.number}号家庭{how}反映：公示栏{what}。" for what in ("缺失", "破损"))
        body = {"category": "complaint", "division": self._village(0), "text": one}
        headers = {"X-Forwarded-For": f"10.0.{self.number // 250}.{self.number % 250}"}
        if "public" not in path:
            headers |= self._bearer
        return Act(
            path, headers, body, f"complaint {one}", {**body, "text": other}, f"complaint {other}", told="number"
        )

    def _signed_in(
        self,
        path: str,
        body: dict[str, Any],
        effect: str,
        other: dict[str, Any],
        other_effect: str = "",
        *,
        told: str = "id",
    ) -> Act:
        return Act(path, self._bearer, body, effect, other, other_effect, told)

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _village(self, further: int) -> str:
        return _VILLAGES[(self.number + further) % len(_VILLAGES)]


async def make_applicants(database: Database, keys: KeyRing, how_many: int, sessions: Sessions) -> list[Applicant]:
    """Make accounts that are signed in, each with a finished upload, and their `sessions`.

    They signed in a while ago, so that their access tokens end in the middle of what they do.
    """
    made, began = [], database.clock.now() - ACCESS_LIFETIME + _LEFT
    for number in range(how_many):
        signed_in_at = FixedClock(began + number * _APART)
        async with database.unit_of_work() as db:
            household = await build_household(db)
            actor = household.applicant
            paper = await finish_upload(db, actor.id)
        async with replace(database, clock=signed_in_at).unit_of_work() as db:
            tokens = await start_session(db, keys, actor.id, actor.role)
        sessions.begin(actor.id, tokens)
        made.append(Applicant(number, household, tokens.access_token, paper))
    return made


async def fill_in_of(database: Database, applicant: Applicant, application: str) -> None:
    """Put in what is not created by POST."""
    async with database.unit_of_work() as db:
        draft = await get_application(db, applicant.household.applicant, UUID(application))
        await fill_in(db, applicant.household, draft)


async def find_effects(database: Database) -> Counter[tuple[str, str]]:
    """Count what stands in the database, as acts name their effects, with the row that answers name."""
    async with database.reading() as db:
        found = Counter((row[0], row[1]) for row in await db.execute(text(_EFFECTS)))
        for complaint in (await db.execute(select(Complaint))).scalars():
            found[f"complaint {text_of(db.vault, complaint)}", complaint.number] += 1
    return found
