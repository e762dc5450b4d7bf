"""Who plays: a household of the sandbox that has no case yet, and the staff of its county."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from scripts.local.demo.clients import Client, Console, Phone, Sandbox
from scripts.local.demo.narration import StoryStopped


@dataclass
class Story:
    """What the chapters hand on to one another."""

    base_url: str
    sandbox_url: str
    anyone: Client
    sandbox: Sandbox
    family: dict[str, Any]
    phone: Phone
    staff: dict[str, Console]
    stranger: Console
    member_ids: list[str] = field(default_factory=list)
    application: str = ""
    number: str = ""
    lookup_code: str = ""
    webhook_secret: str = ""
    webhook_name: str = ""
    complaint: dict[str, str] = field(default_factory=dict)
    paid_fen: int = 0
    paid_on: str = ""

    @property
    def village(self) -> str:
        """The village the household is registered in."""
        return str(self.family["division"])


def gather(data: Path) -> Story:
    """Read sandbox.json and choose a household that has not applied yet.

    Raises:
        StoryStopped: every household of the village has.
    """
    facts = json.loads((data / "sandbox.json").read_text())
    base, sandbox = facts["base_url"], Sandbox(facts["sandbox_url"])
    village = facts["applicants"][0]["division"]
    staff = {
        _part(person["username"]): Console(base, person)
        for person in facts["staff"]
        if person["division"][:6] == village[:6]
    }
    stranger = next(person for person in facts["staff"] if person["division"][:6] not in (village[:6], "530000"))
    family, phone = _fresh_household(base, sandbox, village, facts["applicants"])
    return Story(base, facts["sandbox_url"], Client(base), sandbox, family, phone, staff, Console(base, stranger))


def _fresh_household(
    base: str, sandbox: Sandbox, village: str, applicants: list[dict[str, Any]]
) -> tuple[dict[str, Any], Phone]:
    for family in applicants:
        if family["division"] != village or not family["typical"]:
            continue
        phone = Phone(base, sandbox, family["phone"])
        if not phone.get("/v1/applications")["items"]:
            return family, phone
    raise StoryStopped("every household of the sandbox's village has applied; begin anew in another --data folder")


def _part(username: str) -> str:
    """Return what a user name says after the place: 'honghe-township-1' → 'township-1'."""
    return username.partition("-")[2]


def new_member_ids(story: Story) -> list[str]:
    """Let the phone choose an id for each member: sent again after a lost answer, it is the same member."""
    story.member_ids = [str(uuid4()) for _ in story.family["members"]]
    return story.member_ids
